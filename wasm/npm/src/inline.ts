// The package `speir` with the engine's wasm inside the script: for places where a second file cannot
// lie beside it, such as one page that is sent by mail.
//
// A third more bytes than the two files, and no way to fetch them at the same time.

import wasm from "../dist/speir.wasm";

import { open as openWith } from "./index.ts";
import type { OpenOptions, SearchIndex } from "./types.ts";

export { SpeirError } from "./errors.ts";
export type { SpeirErrorCode } from "./errors.ts";
export type * from "./types.ts";

/** Opens the index in a folder of the site, as `open` of `speir` does. */
export function open(base: string | URL, options: OpenOptions = {}): Promise<SearchIndex> {
  return openWith(base, { wasm: wasm as BufferSource, ...options });
}
