// The package `speir` in Node: `open()` for a folder of files, or for a site.
//
// Knows the file system. Everything else is as in a browser.

import { createHash } from "node:crypto";
import { open as openFile, readFile } from "node:fs/promises";
import { resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { inflateRaw } from "node:zlib";

import { Driver } from "./driver.ts";
import { startEngine } from "./engine.ts";
import type { Code } from "./engine.ts";
import { SpeirError } from "./errors.ts";
import { loadChecked } from "./integrity.ts";
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
  // There is no page here that a query could hold up, so no thread of the index's own.
  const isPlain = options.engine === "js" || typeof WebAssembly === "undefined";
  const code = isPlain ? (await import("./js.ts")).start : await wasmOf(options, fetch);
  const start = (bytes: Uint8Array) => startEngine(code, bytes);
  const engine = isPlain ? "js" : "main";
  return Driver.open({ engine, source, inflate: promisify(inflateRaw), start }, manifest);
}

async function wasmOf({ wasm, integrity }: OpenOptions, fetch: typeof globalThis.fetch): Promise<Code> {
  if (wasm !== undefined && integrity) return loadChecked({ loadModule, SpeirError }, wasm, integrity, fetch);
  if (wasm !== undefined) return loadModule(wasm, fetch);
  const bytes = await ownWasm();
  if (integrity && !hashes(integrity).some(([name, hash]) => createHash(name).update(bytes).digest("base64") === hash)) {
    throw new SpeirError("integrity", "speir.wasm of this package is not the file whose hash was given: install it again");
  }
  return loadModule(bytes, fetch);
}

/** The hashes of a list such as `sha256-… sha384-…`, each with the name of its function. */
function hashes(integrity: string): [string, string][] {
  return [...integrity.matchAll(/\b(sha(?:256|384|512))-(\S+)/g)].map(([, name, hash]) => [name!, hash!]);
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
