// The package `speir` in a browser: `open()`.
//
// Knows where the engine lies beside this script. Puts loader, engine and driver together.

import { Driver } from "./driver.ts";
import { startEngine } from "./engine.ts";
import { MANIFEST_NAME, folderUrl, inflate, loadModule, webSource } from "./loader.ts";
import type { OpenOptions, SearchIndex } from "./types.ts";

export { SpeirError } from "./errors.ts";
export type { SpeirErrorCode } from "./errors.ts";
export type * from "./types.ts";

/** The engine beside this script, compiled once for all indexes of a page. */
let ownModule: Promise<WebAssembly.Module> | undefined;

/**
 * Opens the index in a folder of the site.
 *
 * Fetches `index.json` and the engine, at the same time, and nothing else.
 *
 * @param base the folder's address, relative to the page, such as `/search/`
 */
export async function open(base: string | URL, options: OpenOptions = {}): Promise<SearchIndex> {
  const fetch = options.fetch ?? globalThis.fetch.bind(globalThis);
  const source = webSource(folderUrl(base, globalThis.document?.baseURI ?? globalThis.location?.href), fetch);
  const module = engineModule(options, fetch);
  // Where both fail, the index's own failure is the one to tell; this one is told by `await` below.
  module.catch(() => {});
  const manifest = await source.read(MANIFEST_NAME, "no-cache", new AbortController().signal);
  const start = async (bytes: Uint8Array) => startEngine(await module, bytes);
  return Driver.open({ source, inflate, start }, manifest);
}

function engineModule(
  options: OpenOptions,
  fetch: typeof globalThis.fetch,
): Promise<WebAssembly.Module> {
  if (options.wasm !== undefined) return loadModule(options.wasm, fetch);
  // Written out in full: bundlers look for exactly this.
  ownModule ??= loadModule(new URL("./speir.wasm", import.meta.url), fetch).catch((error: unknown) => {
    ownModule = undefined;
    throw error;
  });
  return ownModule;
}
