// Indexes records with MiniSearch, and writes the index as JSON, as its readers would load it.
//
//   node build_minisearch.mjs RECORDS.jsonl FOLDER

import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import MiniSearch from "minisearch";
import { OPTIONS } from "./page/minisearch_options.mjs";

const [source, folder] = process.argv.slice(2);
const index = new MiniSearch(OPTIONS);
for (const line of readFileSync(source, "utf8").split("\n")) {
  if (line) index.add(JSON.parse(line));
}
mkdirSync(folder, { recursive: true });
writeFileSync(`${folder}/index.json`, JSON.stringify(index));
