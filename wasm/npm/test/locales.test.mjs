// The element's texts: every language says everything, with the same values in it.

import assert from "node:assert/strict";
import { readFile, readdir } from "node:fs/promises";
import { test } from "node:test";

const LOCALES = new URL("../locales/", import.meta.url);
const source = (name) => readFile(new URL(`../widget/${name}.ts`, import.meta.url), "utf8");

/** A table in English, as it stands in the source. */
async function english(name) {
  const [, table] = /const (?:\w+_)?ENGLISH = (\{[^]*?\n\}) satisfies Strings;/.exec(await source(name));
  return new Function(`return ${table}`)();
}

/** All texts: those of every page, and those that only some fetch. */
const ENGLISH = {
  ...(await english("suggest-strings")),
  ...(await english("highlight")),
  ...(await english("strings")),
};

/** Keys whose text may be the same in two languages: numbers, marks and units. */
const ALIKE = new Set(["active.filter", "title", "size.kb", "size.mb", "quote", "range.between", "notice.synonym"]);

const forms = (entry) => (typeof entry === "string" ? { other: entry } : entry);
const values = (text) => [...new Set(text.match(/\{\w+\}/g))].sort().join();

const names = (await readdir(LOCALES)).sort();

test("the script knows the languages that there are files of", async () => {
  const [, known] = /const FILES = "([^"]*)"/.exec(await source("languages"));
  assert.equal(names.join(" "), known.split(" ").map((lang) => `${lang}.json`).join(" "));
});

for (const name of names) {
  const lang = name.replace(".json", "");
  test(`R25, R26: ${lang} has every text and none in English, every plural form and every value`, async () => {
    const table = JSON.parse(await readFile(new URL(name, LOCALES), "utf8"));
    const keys = Object.keys(table).filter((key) => !key.startsWith("language."));
    assert.deepEqual(keys.sort(), Object.keys(ENGLISH).sort());
    const categories = new Intl.PluralRules(lang).resolvedOptions().pluralCategories.sort();
    for (const [key, entry] of Object.entries(ENGLISH)) {
      const own = forms(table[key]);
      assert.equal(typeof table[key], typeof entry, key);
      if (typeof entry === "object") assert.deepEqual(Object.keys(own).sort(), categories, `${lang} ${key}`);
      const wanted = values(forms(entry).other);
      for (const [category, text] of Object.entries(own)) {
        assert.ok(text.trim(), `${lang} ${key} is empty`);
        // "One resource" and "two resources" may say the number in a word.
        const mayLack = typeof entry === "object" && ["zero", "one", "two"].includes(category);
        if (!mayLack) assert.equal(values(text), wanted, `${lang} ${key}`);
        if (!ALIKE.has(key)) assert.notEqual(text, forms(entry).other, `${lang} ${key} is English`);
      }
    }
  });
}

test("texts that two scripts have are the same in both", async () => {
  const [all, own] = [await english("strings"), await english("suggest-strings")];
  const shared = Object.keys(own).filter((key) => key in all);
  assert.ok(shared.length > 0);
  for (const key of shared) assert.equal(own[key], all[key], key);
});

test("what Chromium cannot name in its language, a file names itself: the languages of the interface", async () => {
  const langs = ["en", ...names.map((name) => name.replace(".json", ""))];
  for (const lang of ["cy", "gd", "ga", "pa"]) {
    const table = JSON.parse(await readFile(new URL(`${lang}.json`, LOCALES), "utf8"));
    const inEnglish = new Intl.DisplayNames(["en"], { type: "language" });
    for (const named of langs) {
      const name = table[`language.${named}`];
      assert.ok(typeof name === "string" && name, `${lang}: ${named}`);
      if (named === "en") assert.notEqual(name, inEnglish.of(named));
    }
  }
});
