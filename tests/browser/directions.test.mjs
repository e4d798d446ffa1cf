// Records in a language that runs the other way than the page: each text keeps its own direction, and
// marks of direction in it move nothing beside it.
//
// What stands where is read from the places of letters on the screen, as no style tells it.

import assert from "node:assert/strict";
import { test } from "node:test";
import { BOX, heading, search, setUp, settled } from "./support/browser.mjs";

const world = setUp();

/** A mark that begins text from right to left, whose end was cut off. */
const UNCLOSED = "\u202b";

const ARABIC = {
  id: "ar",
  url: "https://www.example.org/ar",
  lang: "ar",
  title: "NHS 111: دليل السكن 2024",
  excerpt: [
    { text: `قبل ${UNCLOSED}الانتقال (3 `, match: false },
    { text: "غرف", match: true },
  ],
  fields: {
    organisations: ["مجلس 12", "Council 7"],
    downloads: [{ title: `الملف ${UNCLOSED}الأول`, url: "a.pdf", format: "PDF", bytes: 1_200_000 }],
  },
  sections: [
    {
      heading: `عقد ${UNCLOSED}الإيجار`,
      number: "5.2.1",
      trail: [`5 ${UNCLOSED}السكن`, "5.2 العقود"],
      anchor: "a",
      url: "ar.html#a",
      excerpt: [{ text: "قبل التوقيع", match: false }],
    },
  ],
};

const ENGLISH = {
  id: "en",
  url: "https://www.example.org/en",
  lang: "en",
  title: `Housing ${UNCLOSED}guide 2024`,
  excerpt: [{ text: `Before ${UNCLOSED}moving (3 rooms`, match: false }],
  fields: {
    organisations: ["Council 7"],
    downloads: [{ title: `First ${UNCLOSED}file`, url: "e.pdf", format: "PDF", bytes: 1_200_000 }],
  },
  sections: [],
};

/** A page in a language whose search finds both records. */
async function both(lang, dir) {
  const page = await world.openFixture({ lang, dir });
  await page.evaluate((hits) => {
    window.fakeSearch = async () => ({
      total: 2,
      hits: hits.map((hit) => ({ score: 1, titleParts: [], ...hit })),
      facets: {},
      notices: [],
      query: {},
    });
  }, [ARABIC, ENGLISH]);
  await search(page, "anything");
  const [arabic, english] = await page.locator(".speir-result").all();
  return { page, arabic, english };
}

/** Where a text lies within a node, from its first to its last letter. */
const place = (node, text) =>
  node.evaluate((node, text) => {
    const walker = document.createTreeWalker(node, NodeFilter.SHOW_TEXT);
    for (let part = walker.nextNode(); part; part = walker.nextNode()) {
      const at = part.data.indexOf(text);
      if (at < 0) continue;
      const range = document.createRange();
      range.setStart(part, at);
      range.setEnd(part, at + text.length);
      const { left, right } = range.getBoundingClientRect();
      return { left, right };
    }
    throw new Error(`"${text}" is not in ${node.textContent}`);
  }, text);

/** Checks that one text stands before another as a line from left to right has them. */
async function stands(node, first, second) {
  const [a, b] = [await place(node, first), await place(node, second)];
  assert.ok(a.right <= b.left + 1, `"${first}" ends at ${a.right}, "${second}" begins at ${b.left}`);
}

test("R41: on an English page an Arabic record's texts run from right to left, and what is ours does not", async () => {
  const { arabic, english } = await both("en", "ltr");
  const title = arabic.locator(".speir-title bdi");
  assert.deepEqual([await title.getAttribute("lang"), await title.getAttribute("dir")], ["ar", "rtl"]);
  const excerpt = arabic.locator("> .speir-excerpt");
  assert.deepEqual([await excerpt.getAttribute("lang"), await excerpt.getAttribute("dir")], ["ar", "rtl"]);
  const section = arabic.locator(".speir-sections li");
  assert.deepEqual([await section.getAttribute("lang"), await section.getAttribute("dir")], ["ar", "rtl"]);
  assert.equal(await arabic.locator(".speir-meta bdi").first().getAttribute("lang"), "ar");

  await stands(title, "دليل", "NHS");
  await stands(arabic.locator(".speir-title"), "2024", "(www.example.org)");
  await stands(arabic.locator(".speir-field-organisations"), "12", "Council 7");
  await stands(section.locator("a"), "الإيجار", "5.2.1");
  await stands(section.locator(".speir-trail"), "5.2", "5 ");
  await stands(arabic.locator(".speir-downloads"), "Download", "الأول");
  await stands(arabic.locator(".speir-downloads"), "الملف", "(PDF, 1.2 MB)");
  await stands(english.locator(".speir-title"), "Housing", "(www.example.org)");
  await stands(english.locator(".speir-downloads"), "First", "(PDF, 1.2 MB)");
});

test("R41: on an Arabic page an English record's texts run from left to right", async () => {
  const { arabic, english } = await both("ar", "rtl");
  const title = english.locator(".speir-title bdi");
  assert.deepEqual([await title.getAttribute("lang"), await title.getAttribute("dir")], ["en", "ltr"]);
  const excerpt = english.locator("> .speir-excerpt");
  assert.deepEqual([await excerpt.getAttribute("lang"), await excerpt.getAttribute("dir")], ["en", "ltr"]);
  await stands(title, "Housing", "guide");
  await stands(english.locator(".speir-title"), "(www.example.org)", "Housing");
  await stands(excerpt, "Before", "(3 rooms");
  await stands(english.locator(".speir-downloads"), "First", "تنزيل");
  assert.equal(await arabic.locator(".speir-title bdi").getAttribute("dir"), "rtl");
  await stands(arabic.locator(".speir-title bdi"), "دليل", "NHS");
});

test("R41: words in the other direction do not carry off the numbers of a sentence", async () => {
  const page = await world.openFixture({}, "?q=housing&organisations=%D8%A7%D9%84%D8%B3%D9%83%D9%86");
  await settled(page);
  await page.evaluate(() => {
    window.fakeSearch = async () => ({ total: 14, hits: [], facets: {}, notices: [], query: {} });
  });
  await page.fill(BOX, "السكن 5");
  await page.press(BOX, "Enter");
  await page.waitForFunction(() => document.querySelector(".speir-heading").textContent.includes("14"));
  assert.equal(await heading(page), "14 resources for ‘\u2068السكن 5\u2069’");
  await stands(page.locator(".speir-heading"), "5", "السكن");
  await stands(page.locator(".speir-remove").first(), "Organisation", "السكن");
  await stands(page.locator(".speir-remove").first(), "السكن", "×");
});
