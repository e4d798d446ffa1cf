// Opens the index: once for each address, at its first use, whoever asks.
//
// Fetches nothing until `openIndex` is called. Knows of `speir.js` only that it lies beside
// this file and exports `open`; it is loaded by address so that a reader who never searches
// never pays for it, and so that it is shared with the page's own code.

import type { SearchFunction } from "./answer.ts";

/** An opened index, as far as the widget uses it. */
export interface OpenIndex {
  search: SearchFunction;
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
  const engine = new URL("./speir.js", import.meta.url).href;
  const { open } = (await import(/* webpackIgnore: true */ /* @vite-ignore */ engine)) as {
    open(src: string): Promise<OpenIndex>;
  };
  return open(src);
}
