// The list of numbers: no behaviour and no requirement that the element is built to is lost.
//
// Reads the titles of all tests of the element and of the package, and CRITERIA.md. Each number has a
// test with it in the title, or a reason there why it has none.

import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { ROOT } from "./support/browser.mjs";

/** How many there are of each: behaviours 1 to 60, requirements R1 to R42. */
const ALL = [
  ...Array.from({ length: 60 }, (_, at) => String(at + 1)),
  ...Array.from({ length: 42 }, (_, at) => `R${at + 1}`),
];

const FOLDERS = ["tests/browser", "wasm/npm/test"];
const CRITERIA = join(ROOT, "wasm/npm/CRITERIA.md");

/** The numbers that a title begins with: "24, R2: results are a list". */
function numbersOf(title) {
  const [, numbers] = /^((?:R?\d+, )*R?\d+): /.exec(title) ?? [];
  return numbers?.split(", ") ?? [];
}

const titles = FOLDERS.flatMap((folder) =>
  readdirSync(join(ROOT, folder))
    .filter((name) => name.endsWith(".test.mjs"))
    .flatMap((name) => {
      const text = readFileSync(join(ROOT, folder, name), "utf8");
      return [...text.matchAll(/^ *test\(\s*(["'`])(.*?)\1,/gm)].map(([, , title]) => ({ name, title }));
    }),
);
const tested = new Set(titles.flatMap(({ title }) => numbersOf(title)));

/** Headings of CRITERIA.md with their text, such as "20, 3.1.2: the language of a suggestion". */
const reasons = readFileSync(CRITERIA, "utf8")
  .split(/^## /m)
  .slice(1)
  .map((section) => {
    const [heading, ...lines] = section.split("\n");
    const [numbers] = heading.split(":");
    return { heading, numbers: numbers.match(/\bR?\d+\b(?!\.)/g) ?? [], text: lines.join("\n").trim() };
  });

test("every behaviour and requirement has a test with its number, or a reason why it has none", () => {
  const explained = new Set(reasons.flatMap(({ numbers }) => numbers));
  const lost = ALL.filter((number) => !tested.has(number) && !explained.has(number));
  assert.deepEqual(lost, [], `write a test whose title begins with the number, or a reason in ${CRITERIA}`);
});

test("numbers in titles are numbers that there are", () => {
  assert.ok(titles.length > 200, `${titles.length} titles were found`);
  const known = new Set(ALL);
  const unknown = titles.filter(({ title }) => numbersOf(title).some((number) => !known.has(number)));
  assert.deepEqual(unknown, []);
});

test("a reason says something, and the tests that it names are there", () => {
  assert.ok(reasons.length > 5);
  for (const { heading, text } of reasons) {
    assert.ok(text.length > 80, heading);
    for (const [, file, title] of text.matchAll(/`([\w-]+\.test\.mjs)`, "([^"]+)"/g)) {
      assert.ok(
        titles.some(({ name, title: other }) => name === file && other === title),
        `${heading}: ${file} has no test "${title}"`,
      );
    }
  }
});
