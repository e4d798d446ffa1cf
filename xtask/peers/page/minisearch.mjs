// MiniSearch in the page: one script, one index. It makes no excerpts: the description stands in.

import { OPTIONS } from "./minisearch_options.mjs";

/** Rows whose words may be unfinished or misspelt; the settings are those of its own guide. */
const FORGIVING = new Set(["prefix", "slip", "absent"]);

/** Loads code and index; gives the search. */
export async function start() {
  const [{ default: MiniSearch }, json] = await Promise.all([
    import("/search/minisearch.js"),
    fetch("/search/index.json").then((answer) => answer.text()),
  ]);
  const index = MiniSearch.loadJSON(json, OPTIONS);
  return async (text, row) => {
    const how = FORGIVING.has(row) ? { fuzzy: 0.2, prefix: true } : {};
    const found = index.search(text, { combineWith: "AND", ...how }).slice(0, 10);
    return found.map(({ id, title, description }) => ({ id, title, excerpt: description }));
  };
}
