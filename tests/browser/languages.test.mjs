// The element in other languages: its texts come from a file beside the script, whole and at once.

import assert from "node:assert/strict";
import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { ROOT, axe, heading, setUp, settled } from "./support/browser.mjs";

const LOCALES = join(ROOT, "wasm/npm/locales");
const table = (lang) => JSON.parse(readFileSync(join(LOCALES, `${lang}.json`), "utf8"));
const LANGS = readdirSync(LOCALES).map((name) => name.replace(".json", ""));
const RIGHT_TO_LEFT = ["ar", "fa", "ur"];

/** What stands in English on a page of results that has not been put into another language. */
const ENGLISH = ["Apply filters", "Filters", "Sort by", "Relevance", "Clear search", "Show all", "Next", "Organisation"];

const world = setUp();

for (const lang of LANGS) {
  test(`57, R25: a page in ${lang} has the search in it, and no English is left`, async () => {
    const dir = RIGHT_TO_LEFT.includes(lang) ? "rtl" : "ltr";
    const page = await world.openFixture({ lang, dir }, "?q=housing&type=report");
    await settled(page);
    const texts = table(lang);
    await page.getByRole("button", { name: texts["facets.apply"] }).waitFor();
    assert.ok((await heading(page)).includes("housing"));
    assert.equal(await page.getByLabel(texts["sort.label"], { exact: true }).count(), 1);
    const shown = await page.locator(".speir-area").innerText();
    for (const english of ENGLISH) assert.ok(!shown.includes(english), `${lang}: "${english}" in ${shown}`);
    assert.deepEqual(page.requests.filter((url) => /speir-[a-z]{2}\.js$/.test(url)).length, 1);
    assert.deepEqual(page.violations, []);
    assert.deepEqual(await axe(page), []);
  });
}

test("57: a page in English, or in a language that there are no texts of, fetches none", async () => {
  for (const lang of ["en", "en-GB", "fr"]) {
    const page = await world.openFixture({ lang }, "?q=housing");
    await settled(page);
    await page.getByRole("button", { name: "Apply filters" }).waitFor();
    assert.equal(page.requests.filter((url) => /speir-[a-z]{2}\.js$/.test(url)).length, 0, lang);
  }
});

test("57: where the texts do not come, the search speaks English and works", async () => {
  world.site.rule(/speir-cy\.js$/, { status: 500 });
  const page = await world.openFixture({ lang: "cy" }, "?q=housing");
  await settled(page);
  await page.getByRole("button", { name: "Apply filters" }).waitFor();
  assert.match(await heading(page), /15/);
});

test("57: the author's own words go before those of the file", async () => {
  const list = `<script type="application/json" data-speir="strings">{"facets.apply": "Chwilio fel hyn"}</script>`;
  const page = await world.openFixture({ lang: "cy-GB", list }, "?q=housing");
  await settled(page);
  await page.getByRole("button", { name: "Chwilio fel hyn" }).waitFor();
  assert.ok(await page.getByLabel("Trefnu yn ôl").isVisible());
});
