// The package `speir` in workerd, Cloudflare's runtime: `open()`.
//
// That runtime compiles no wasm it is handed as bytes, but deploys what a script imports, compiled.

import wasm from "../dist/speir.wasm";

import { openHere } from "./here.ts";
import { folderUrl, loadModule } from "./loader.ts";
import type { OpenOptions, SearchIndex } from "./types.ts";

export { SpeirError } from "./errors.ts";
export type { SpeirErrorCode } from "./errors.ts";
export type * from "./types.ts";

/**
 * Opens the index in a folder of a site. There is one engine here, so `engine` and `integrity` say
 * nothing; `fetch` may be a binding's.
 *
 * @param base the folder's whole address, such as `https://example.org/search/`
 */
export async function open(base: string | URL, options: OpenOptions = {}): Promise<SearchIndex> {
  const fetch = options.fetch ?? globalThis.fetch.bind(globalThis);
  const code = loadModule(options.wasm ?? (wasm as WebAssembly.Module), withoutCache(fetch));
  return openHere(folderUrl(base), code, withoutCache(fetch));
}

/** The runtime's own cache goes by the site's headers, and it refuses to be told by the request. */
function withoutCache(fetch: typeof globalThis.fetch): typeof globalThis.fetch {
  return (url, { cache: _, ...init } = {}) => fetch(url, init);
}
