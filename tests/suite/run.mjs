// Asks queries through the published package in Node, for the suite (see node.rs).
//
//   node run.mjs DIST ASKED ANSWERED
//
// DIST is the package's module for Node. ASKED is a JSON list of { index, queries }, each query
// { text, options }. ANSWERED becomes a list with, for each index, a list of pages or { error: code }.
// Each query is asked of the engine as plain JavaScript too, which has to give the same to the last field.

import assert from "node:assert/strict";
import { readFile, writeFile } from "node:fs/promises";
import { pathToFileURL } from "node:url";

const [dist, asked, answered] = process.argv.slice(2);
const { open } = await import(pathToFileURL(dist).href);

/** What an engine answers to queries over the index in a folder. */
async function ask(folder, queries, engine) {
  const index = await open(folder, { engine });
  assert.equal(index.engine, engine);
  const pages = [];
  for (const { text, options } of queries) {
    try {
      pages.push(await index.search(text, options));
    } catch (error) {
      // Only the engine's own errors have a code; anything else is a failure of the run.
      if (typeof error?.code !== "string") throw error;
      pages.push({ error: error.code });
    }
  }
  index.close();
  return pages;
}

const answers = [];
for (const { index: folder, queries } of JSON.parse(await readFile(asked, "utf8"))) {
  const pages = await ask(folder, queries, "main");
  const plain = await ask(folder, queries, "js");
  for (const [at, page] of pages.entries()) {
    assert.deepEqual(plain[at], page, `as plain JavaScript, "${queries[at].text}" in ${folder}`);
  }
  answers.push(pages);
}
await writeFile(answered, JSON.stringify(answers));
