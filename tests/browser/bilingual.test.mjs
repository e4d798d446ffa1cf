// The site in Welsh and English: one search, the same in both languages.

import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { after, afterEach, before, test } from "node:test";
import { BOX, ROOT, axe, heading, search, settled, setUp, titles } from "./support/browser.mjs";
import { serve } from "./support/server.mjs";

const SITE = join(ROOT, "examples/bilingual/site");

const world = setUp();
let site;

before(async () => {
  if (!existsSync(join(SITE, "search/index.json"))) {
    throw new Error(`${join(SITE, "search")} is missing: build the examples first (cargo xtask demo --check)`);
  }
  site = await serve(SITE);
});

afterEach(() => site?.reset());

after(() => site?.close());

/** The search page of a language, with parameters such as "?q=rent". */
async function open(lang, query = "", options = {}) {
  const page = await world.newPage(options);
  await page.goto(`${site.url}${lang}/index.html${query}`);
  return page;
}

/** What each language calls the same. */
const SITES = {
  en: { rent: "Paying your rent", cardiff: "Finding work in Cardiff", housing: "Housing", apply: "Apply filters", other: "Cymraeg" },
  cy: { rent: "Talu eich rhent", cardiff: "Chwilio am waith yng Nghaerdydd", housing: "Tai", apply: "Defnyddio’r hidlyddion", other: "English" },
};

for (const [lang, own] of Object.entries(SITES)) {
  test(`S-D, 32: on the pages in ${lang} words of either language find the page in ${lang}, once`, async () => {
    for (const words of ["rent is due", "rhent yn ddyledus"]) {
      const page = await open(lang);
      await search(page, words);
      const found = await titles(page);
      assert.equal(found[0], own.rent, words);
      assert.equal(found.filter((title) => Object.values(SITES).some(({ rent }) => title === rent)).length, 1);
      const link = page.locator(".speir-result a.speir-link").first();
      assert.match(await link.getAttribute("href"), new RegExp(`/${lang}/[a-z]+\\.html$`));
      assert.deepEqual(page.violations, []);
      assert.deepEqual(page.faults, []);
    }
  });

  test(`28, S-D: "Caerdydd" on the pages in ${lang} finds what has "yng Nghaerdydd"`, async () => {
    const page = await open(lang);
    await search(page, "Caerdydd");
    assert.equal((await titles(page))[0], own.cardiff);
    const marked = await page.locator(".speir-result").first().locator("mark").allInnerTexts();
    if (lang === "cy") assert.ok(marked.includes("Nghaerdydd"), `${marked}`);
  });

  test(`R25: the panel and its values are in ${lang}, and axe finds nothing`, async () => {
    const page = await open(lang, "?q=");
    await settled(page);
    await page.getByRole("button", { name: own.apply }).waitFor();
    const labels = await page.locator(".speir-filters").innerText();
    assert.ok(labels.includes(own.housing), labels);
    assert.deepEqual(await axe(page), []);
  });

  test(`R18: a page that is not in ${lang} carries its language and says so`, async () => {
    const other = lang === "en" ? "cy" : "en";
    const page = await open(lang);
    await search(page, lang === "en" ? "papur bro" : "ferry island");
    const title = page.locator(".speir-result a.speir-link bdi").first();
    assert.equal(await title.getAttribute("lang"), other);
    assert.match(await page.locator(".speir-result").first().innerText(), lang === "en" ? /In Welsh/ : /Saesneg/);
  });

  test(`R37: without JavaScript the form of the pages in ${lang} leads to static pages in ${lang}`, async () => {
    const page = await open(lang, "", { javaScriptEnabled: false });
    await page.fill("#q", "x");
    await page.press("#q", "Enter");
    await page.getByRole("link", { name: own.rent }).first().waitFor();
    assert.equal(await page.locator("html").getAttribute("lang"), lang);
  });
}

test("R27, 58: the language link keeps words, filters and their meaning, there and back", async () => {
  const page = await open("en", "?q=children&theme=Families");
  await settled(page);
  const english = await titles(page);
  assert.ok(english.length >= 2, `${english}`);
  await page.getByRole("link", { name: SITES.en.other }).click();
  await page.waitForURL(/\/cy\/index\.html\?/);
  await settled(page);
  assert.equal(await page.inputValue(BOX), "children");
  assert.equal((await titles(page)).length, english.length);
  await page.getByRole("checkbox", { name: /Teuluoedd/, checked: true }).waitFor();
  assert.match(await heading(page), /children/);
  await page.getByRole("link", { name: SITES.cy.other }).click();
  await page.waitForURL(/\/en\/index\.html\?/);
  await settled(page);
  assert.deepEqual(await titles(page), english);
});

test("34, S-D: titles are in the order of the alphabet of the page's language", async () => {
  const sorted = async (lang) => {
    const page = await open(lang, "?q=&sort=title");
    await settled(page);
    return titles(page);
  };
  const english = await sorted("en");
  assert.deepEqual(english.toSorted(new Intl.Collator("en").compare), english);
  const welsh = await sorted("cy");
  assert.notDeepEqual(welsh, english);
  const place = (title) => welsh.indexOf(title);
  // `ch` comes after `c`, and `ll` after `l`.
  assert.ok(place("Cofrestru gyda meddyg") < place(SITES.cy.cardiff), `${welsh}`);
});
