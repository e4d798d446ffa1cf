// Holds the engine against the hash that a page gives for it (W3C, Subresource Integrity).
//
// The browser does the reckoning, as `fetch` takes a hash. Fetched only by pages that give one.

import type { SpeirError } from "./errors.ts";
import type { loadModule } from "./loader.ts";
import type { OpenOptions } from "./types.ts";

/** What a browser takes for a hash; anything else it passes over without a word. */
const HASH = /(^|\s)sha(256|384|512)-/;

/** The engine, compiled, if it is the right one; rejects with `integrity` if it is not. */
export async function loadChecked(
  means: { loadModule: typeof loadModule; SpeirError: typeof SpeirError },
  wasm: NonNullable<OpenOptions["wasm"]>,
  integrity: string,
  fetch: typeof globalThis.fetch,
): Promise<WebAssembly.Module> {
  const wrong = (message: string, cause?: unknown) => new means.SpeirError("integrity", message, cause);
  if (!HASH.test(integrity)) {
    throw wrong(`integrity should be a hash such as sha384-…, as in integrity.json, but is ${integrity}`);
  }
  try {
    return await means.loadModule(wasm, (url, init) => fetch(url, { ...init, integrity }));
  } catch (error) {
    // A wrong hash looks to a script like a lost connection; so see whether the file comes without.
    const isAddress = typeof wasm === "string" || wasm instanceof URL;
    const comes = isAddress && fetch(wasm).then(({ ok }) => ok, () => false);
    if (error instanceof means.SpeirError && error.code === "network" && (await comes)) {
      throw wrong(`${wasm} is not the file whose hash was given: copy speir.wasm again, or its hash`, error);
    }
    throw error;
  }
}
