// Opens the index: once for each address and way to search it, at its first use, whoever asks.
//
// Fetches nothing until `openIndex` is called. `bundle.mjs` turns the import into one of the
// finished `speir.js` beside this file, so that a reader who never searches never pays for it,
// the page's own code shares it, and a bundler finds it.

import type { EngineName, OpenOptions, SearchIndex } from "../src/types.ts";
import type { SearchFunction } from "./answer.ts";

/** An opened index, as far as the widget uses it; or anything that answers like one. */
export interface OpenIndex {
  /** What answers; one of the page's own need not say. */
  readonly engine?: EngineName;
  search: SearchFunction;
  /** Completes what is typed. Without it there are no suggestions. */
  suggest?: SearchIndex["suggest"];
}

const opened = new Map<string, Promise<OpenIndex>>();

/**
 * Opens the index in a folder, or gives the one that is open or being opened.
 * `engine` and `integrity` are the attributes of those names, which `open` takes as they are.
 * A failure is not kept: the next call tries again.
 */
export function openIndex(
  src: string,
  engine?: string | null,
  integrity?: string | null,
): Promise<OpenIndex> {
  const key = [src, engine, integrity].join();
  let index = opened.get(key);
  if (!index) {
    index = load(src, { engine, integrity } as OpenOptions);
    opened.set(key, index);
    index.catch(() => opened.delete(key));
  }
  return index;
}

async function load(src: string, options: OpenOptions): Promise<OpenIndex> {
  const { open } = await import("../src/index.ts");
  return open(src, options);
}
