// The package `speir` in a browser: `open()`.
//
// Knows where the engine lies beside this script. Puts loader, engine and driver together, for wasm
// on the page's own thread. Where that is refused, or another way is asked for, `ladder.ts` goes on:
// a file of its own, so that nobody else fetches it.

import { Driver } from "./driver.ts";
import { startEngine } from "./engine.ts";
import { SpeirError } from "./errors.ts";
import { searchesWithWasm } from "./features.ts";
import type { Means } from "./ladder.ts";
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
  // Written out in full: bundlers look for exactly this.
  const wasm = options.wasm ?? new URL("./speir.wasm", import.meta.url);
  let manifest: Promise<Uint8Array> | undefined;

  const begin: Means["begin"] = async (engine, code, unpack = inflate) => {
    manifest ??= source.read(MANIFEST_NAME, "no-cache", new AbortController().signal);
    // Where both fail, the index's own failure is the one to tell; this one is told by `await` below.
    code.catch(() => {});
    const start = async (bytes: Uint8Array) => startEngine(await code, bytes);
    return Driver.open({ engine, source, inflate: unpack, start }, await manifest);
  };

  let refused: unknown;
  if (!options.engine && !options.integrity && searchesWithWasm()) {
    const code = options.wasm ? loadModule(wasm, fetch) : compileOwn(wasm, fetch);
    code.catch((error: unknown) => (refused = error));
    try {
      return await begin("main", code);
    } catch (error) {
      if (error !== refused) throw error;
    }
  }
  const { descend } = await import("./ladder.ts").catch(() => ({ descend: undefined }));
  // Not there, or empty: a copy that broke off.
  if (!descend) throw refused ?? new SpeirError("wasm-blocked", "speir-ladder.js is missing");
  return descend(base, options, { begin, loadModule, SpeirError, wasm }, refused);
}

function compileOwn(
  wasm: NonNullable<OpenOptions["wasm"]>,
  fetch: typeof globalThis.fetch,
): Promise<WebAssembly.Module> {
  ownModule ??= loadModule(wasm, fetch).catch((error: unknown) => {
    ownModule = undefined;
    throw error;
  });
  return ownModule;
}
