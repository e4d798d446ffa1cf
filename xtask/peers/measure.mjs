// Measures one engine on one built index in Chromium, and writes what it saw as JSON.
//
//   SPEIR_CHROMIUM=/path/to/chromium node measure.mjs ENGINE FOLDER QUERIES.json OUT.json
//
// Judges nothing: percentiles and recall are made of it by whoever called.

import { readFileSync, writeFileSync } from "node:fs";
import { resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { launch } from "./browser.mjs";
import { firstPages, furtherWords, typing, widgetPages } from "./cold.mjs";
import { isUsed } from "./engines.mjs";
import { weigh } from "./folder.mjs";
import { serve } from "./serve.mjs";
import { warm } from "./warm.mjs";

const [engine, folder, source, out] = process.argv.slice(2);
const queries = JSON.parse(readFileSync(source, "utf8"));
const pages = fileURLToPath(new URL("page", import.meta.url));
const site = await serve({ "/search/": resolve(folder), "/bench/": pages });
const browser = await launch();
try {
  const world = {
    site,
    engine,
    visit: (use, path = `/bench/index.html?engine=${engine}`) => browser.visit(site.url + path, use),
  };
  const result = { chromium: browser.version, ...weigh(folder, (name) => isUsed(engine, name)) };
  result.first = await firstPages(world, queries.first);
  if (engine === "speir") result.widget = await widgetPages(world, queries.first);
  result.further = await furtherWords(world, queries.further);
  result.typing = await typing(world, queries.typing);
  Object.assign(result, await warm(world, queries));
  writeFileSync(out, JSON.stringify(result));
} finally {
  await browser.close();
  await site.close();
}
