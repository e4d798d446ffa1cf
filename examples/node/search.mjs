// Searches a built index from Node, with the same engine that a browser runs.
//
//   node search.mjs WORDS… [--type TYPE] [--index FOLDER]
//
// Knows the npm package `speir` alone. Reads the index folder; never writes.

import { existsSync } from "node:fs";
import { resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";

import { open } from "speir";

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    index: { type: "string" },
    type: { type: "string", multiple: true, default: [] },
  },
});

const folder = resolve(values.index ?? fileURLToPath(new URL("../resource-library/site/search/", import.meta.url)));
if (!existsSync(resolve(folder, "index.json"))) {
  console.error(`No index in ${folder}: build the example's with \`cargo xtask demo\`, or name another with --index FOLDER`);
  process.exit(1);
}

// `open` reads the manifest and loads the engine. The other files of the index are read when a
// query needs them, and once only.
const index = await open(folder);

const page = await index.search(positionals.join(" "), {
  // Either type will do: values of one field are joined by "or", fields by "and".
  filters: values.type.length > 0 ? { type: values.type } : {},
  facets: ["type", "year"],
  limit: 5,
});

console.log(`${page.total} found`);
// Notices are what a reader should be told: what was searched in place of a word, what may have been
// meant, or where the hits begin that hold only some of the words.
for (const notice of page.notices) {
  if (notice.kind === "unknown-word") console.log(`no record holds "${notice.word}"`);
  if (notice.kind === "slip" || notice.kind === "split") {
    console.log(`no record holds "${notice.word}"; searched instead: ${notice.searched.join(", ")}`);
  }
  if (notice.kind === "did-you-mean") console.log(`did you mean ${notice.suggestions.join(", ")}?`);
}
const partial = page.notices.find((notice) => notice.kind === "partial-from");
for (const [at, hit] of page.hits.entries()) {
  if (partial?.index === at) console.log("\n(from here on: only some of the words)");
  console.log(`\n${hit.title}`);
  // A record has the fields that it was given, and no others.
  const { type, year, organisations = [] } = hit.fields;
  const facts = [type, year, ...organisations].filter((fact) => fact !== undefined);
  if (facts.length > 0) console.log(`  ${facts.join(" · ")}`);
  console.log(`  ${marked(hit.excerpt)}`);
  for (const section of hit.sections) {
    console.log(`  > ${[section.number, section.heading].filter(Boolean).join(" ")}  ${section.url ?? ""}`);
  }
}

console.log("\nby type");
for (const { value, count, selected } of page.facets.type) {
  console.log(`  ${selected ? "x" : " "} ${value ?? "(not stated)"}: ${count}`);
}

index.close();

/** What was found comes as pieces of text, never as HTML. Here it is put in square brackets. */
function marked(spans) {
  return spans
    .map((span) => (span.match ? `[${span.text}]` : span.text))
    .join("")
    .replaceAll("\n", " ");
}
