// Opens an index on this very thread, with an engine that is on its way: for a worker's thread, and for
// servers where a page's ladder has no place.
//
// Knows neither where the engine comes from nor what else might be tried.

import { Driver } from "./driver.ts";
import { startEngine } from "./engine.ts";
import type { Code } from "./engine.ts";
import { MANIFEST_NAME, inflate, webSource } from "./loader.ts";
import type { SearchIndex } from "./types.ts";

/** Fetches the manifest meanwhile; where both fail, the index's own failure is told. */
export async function openHere(
  folder: URL,
  code: Promise<Code>,
  fetch: typeof globalThis.fetch,
): Promise<SearchIndex> {
  code.catch(() => {});
  const source = webSource(folder, fetch);
  const manifest = await source.read(MANIFEST_NAME, "no-cache", new AbortController().signal);
  const start = async (bytes: Uint8Array) => startEngine(await code, bytes);
  return Driver.open({ engine: "main", source, inflate, start }, manifest);
}
