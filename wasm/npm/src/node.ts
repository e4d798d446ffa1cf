// The package `speir` in Node: `open()` for a folder of files, or for a site.
//
// Knows the file system. Everything else is as in a browser.

import { open as openFile, readFile } from "node:fs/promises";
import { resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { inflateRaw } from "node:zlib";

import { Driver } from "./driver.ts";
import { startEngine } from "./engine.ts";
import { SpeirError } from "./errors.ts";
import { MANIFEST_NAME, folderUrl, loadModule, missing, webSource } from "./loader.ts";
import type { Part, Source } from "./loader.ts";
import type { OpenOptions, SearchIndex } from "./types.ts";

export { SpeirError } from "./errors.ts";
export type { SpeirErrorCode } from "./errors.ts";
export type * from "./types.ts";

/**
 * Opens an index.
 *
 * @param base a folder's path, or its `file:`, `http:` or `https:` address
 */
export async function open(base: string | URL, options: OpenOptions = {}): Promise<SearchIndex> {
  const fetch = options.fetch ?? globalThis.fetch;
  const place = String(base);
  const source = /^https?:/i.test(place)
    ? webSource(folderUrl(place), fetch)
    : fileSource(/^file:/i.test(place) ? fileURLToPath(place) : resolve(place));
  const manifest = await source.read(MANIFEST_NAME, "no-cache", new AbortController().signal);
  const module = await loadModule(options.wasm ?? (await ownWasm()), fetch);
  const start = (bytes: Uint8Array) => startEngine(module, bytes);
  return Driver.open({ source, inflate: promisify(inflateRaw), start }, manifest);
}

function fileSource(folder: string): Source {
  return {
    async read(name, _cache, signal, part) {
      const path = resolve(folder, name);
      try {
        return await (part ? readPart(path, part) : readFile(path, { signal }));
      } catch (cause) {
        if ((cause as NodeJS.ErrnoException).code === "ENOENT") throw missing(name, path, cause);
        throw new SpeirError("network", `${path} could not be read: ${(cause as Error).message}`, cause);
      }
    },
  };
}

async function readPart(path: string, { start, length }: Part): Promise<Uint8Array> {
  const file = await openFile(path);
  try {
    const { buffer, bytesRead } = await file.read(new Uint8Array(length), 0, length, start);
    return buffer.subarray(0, bytesRead);
  } finally {
    await file.close();
  }
}

async function ownWasm(): Promise<Uint8Array<ArrayBuffer>> {
  const path = fileURLToPath(new URL("./speir.wasm", import.meta.url));
  try {
    return await readFile(path);
  } catch (cause) {
    throw new SpeirError("wasm-blocked", `${path} could not be read: install the package again`, cause);
  }
}
