// Opens the index: once for each address, at its first use, whoever asks.
//
// Fetches nothing until `openIndex` is called. `bundle.mjs` turns the import into one of the
// finished `speir.js` beside this file, so that a reader who never searches never pays for it,
// the page's own code shares it, and a bundler finds it.

import type { SearchIndex } from "../src/types.ts";
import type { SearchFunction } from "./answer.ts";

/** An opened index, as far as the widget uses it; or anything that answers like one. */
export interface OpenIndex {
  search: SearchFunction;
  /** Completes what is typed. Without it there are no suggestions. */
  suggest?: SearchIndex["suggest"];
}

const opened = new Map<string, Promise<OpenIndex>>();

/**
 * Opens the index in a folder, or gives the one that is open or being opened.
 * A failure is not kept: the next call tries again.
 */
export function openIndex(src: string): Promise<OpenIndex> {
  let index = opened.get(src);
  if (!index) {
    index = load(src);
    opened.set(src, index);
    index.catch(() => opened.delete(src));
  }
  return index;
}

async function load(src: string): Promise<OpenIndex> {
  const { open } = await import("../src/index.ts");
  return open(src);
}
