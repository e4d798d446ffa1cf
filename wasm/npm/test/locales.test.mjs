// The element's texts: every language says everything, with the same values in it.

import assert from "node:assert/strict";
import { readFile, readdir } from "node:fs/promises";
import { test } from "node:test";

const LOCALES = new URL("../locales/", import.meta.url);
const source = await readFile(new URL("../widget/strings.ts", import.meta.url), "utf8");

/** The English table, as it stands in the source. */
const [, english] = /const ENGLISH = (\{[^]*?\n\}) satisfies Strings;/.exec(source);
const ENGLISH = new Function(`return ${english}`)();

/** Keys whose text may be the same in two languages: numbers, marks and units. */
const ALIKE = new Set(["active.filter", "title", "size.kb", "size.mb", "quote", "range.between", "notice.synonym"]);

const forms = (entry) => (typeof entry === "string" ? { other: entry } : entry);
const values = (text) => [...new Set(text.match(/\{\w+\}/g))].sort().join();

const names = (await readdir(LOCALES)).sort();

test("the script knows the languages that there are files of", () => {
  const [, known] = /const FILES = "([^"]*)"/.exec(source);
  assert.equal(names.join(" "), known.split(" ").map((lang) => `${lang}.json`).join(" "));
});

for (const name of names) {
  const lang = name.replace(".json", "");
  test(`R25, R26: ${lang} has every text and none in English, every plural form and every value`, async () => {
    const table = JSON.parse(await readFile(new URL(name, LOCALES), "utf8"));
    assert.deepEqual(Object.keys(table), Object.keys(ENGLISH));
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
