// The pages that results lead to: words marked, the heading of a section focused.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { brotliCompressSync } from "node:zlib";
import { axe, search, settled, setUp, SITE } from "./support/browser.mjs";
import { POLICY } from "./support/server.mjs";

const world = setUp();

/** A page of content with the script. */
async function open(main, query = "", { lang = "en", attributes = "", ...options } = {}) {
  world.site.add(
    "/content.html",
    `<!doctype html><html lang="${lang}"><head><meta charset="utf-8"><title>Content</title><meta name="viewport" content="width=device-width">
     <link rel="icon" href="/fixture/icon.svg"><script type="module" src="/search/speir-highlight.js"></script></head>
     <body><header><p>housing in the header</p></header><main ${attributes}>${main}</main></body></html>`,
  );
  const page = await world.newPage(options);
  await page.goto(`${world.site.url}content.html${query}`);
  return page;
}

const marks = (page) => page.locator("mark.speir-highlight").allTextContents();
const shown = (page) => page.locator("mark.speir-highlight").first().waitFor();

test("28: whole words are marked in <main>, without case and accents, and nowhere else", async () => {
  const page = await open(
    `<h1>Housing</h1><p>Rehousing, housings, <b>HOUSING</b>: a Café, a cafe\u0301, a cafe and cafés. 5.2.3, 15.2.3</p>`,
    "?highlight=housing+cafe+5.2.3",
  );
  await shown(page);
  assert.deepEqual(await marks(page), ["Housing", "HOUSING", "Café", "cafe\u0301", "cafe", "5.2.3"]);
  assert.equal(
    await page.locator("main p").innerText(),
    "Rehousing, housings, HOUSING: a Café, a cafe\u0301, a cafe and cafés. 5.2.3, 15.2.3",
  );
  assert.deepEqual(await axe(page), []);
});

test("28: Welsh forms, Arabic with vowel signs, Chinese within a line", async () => {
  const page = await open(
    "<p>Yng Nghymru a Chymru, nid Cymru.</p><p>هذا مُحَمَّد هنا</p><p>我们的住房政策</p><p>ভাষা ভাষী</p>",
    `?highlight=${encodeURIComponent("Nghymru Chymru محمد 住房 ভাষা")}`,
  );
  await shown(page);
  assert.deepEqual(await marks(page), ["Nghymru", "Chymru", "مُحَمَّد", "住房", "ভাষা"]);
});

test("what is not read as text is left alone", async () => {
  const page = await open(
    `<p>word</p><pre>word</pre><code>word</code><textarea>word</textarea><input value="word"><button>word</button>
     <select><option>word</option></select><p hidden>word</p><div contenteditable>word</div><svg><text>word</text></svg>
     <script type="text/plain">word</script><mark>word</mark>`,
    "?highlight=word",
  );
  await shown(page);
  assert.deepEqual(await marks(page), ["word"]);
});

test("R28, R30: what the address says is text, under the strictest policy", async () => {
  world.site.policy = `${POLICY}; require-trusted-types-for 'script'; trusted-types 'none'`;
  const text = "<img src=x onerror=alert(1)>";
  const page = await open(`<p>&lt;img src=x onerror=alert(1)&gt; (a|b)* [c</p>`, `?highlight=${encodeURIComponent(`${text} (a|b)* [c .* \\`)}`);
  await shown(page);
  assert.equal(await page.locator("main img").count(), 0);
  assert.deepEqual(await marks(page), ["<img", "src=x", "onerror=alert(1)>", "(a|b)*", "[c"]);
  assert.deepEqual(page.violations, []);
  assert.deepEqual(page.faults, []);
});

test("the button says how many, takes the marks and the parameter away, and keeps the reader's place", async () => {
  const text = "<p>One word, two word and <em>a word</em>.</p>";
  const page = await open(text, "?a=1&highlight=word&b=2");
  const button = page.getByRole("button", { name: "Hide highlights (3)" });
  await button.waitFor();
  const [width, height] = await button.evaluate((node) => [node.offsetWidth, node.offsetHeight]);
  assert.ok(width >= 24 && height >= 24);
  await page.keyboard.press("Tab");
  assert.equal(await page.evaluate(() => document.activeElement.className), "speir-highlight-hide");
  await page.keyboard.press("Enter");
  assert.deepEqual(await marks(page), []);
  assert.equal(await button.count(), 0);
  assert.equal(new URL(page.url()).search, "?a=1&b=2");
  assert.equal(await page.locator("main").evaluate((main) => main.innerHTML), text, "the text is as it was");
  assert.equal(await page.evaluate(() => document.activeElement.tagName), "MAIN");
  await page.locator("main").blur();
  assert.equal(await page.locator("main").getAttribute("tabindex"), null);
});

test("without the parameter, and where no word is found, the page is as it is", async () => {
  for (const query of ["", "?highlight=", "?highlight=absent", "?highlight=%F0%9F%92%A9"]) {
    const page = await open("<p>Some words.</p>", query);
    await page.waitForTimeout(100);
    assert.equal(await page.locator("main").evaluate((main) => main.innerHTML), "<p>Some words.</p>", query);
    assert.equal(await page.evaluate(() => document.adoptedStyleSheets.length), 0);
  }
});

test("57: the button speaks the page's language; nothing is spoken by itself", async () => {
  const page = await open("<p>gair</p>", "?highlight=gair", { lang: "cy" });
  await page.getByRole("button", { name: "Cuddio’r geiriau a amlygwyd (1)" }).waitFor();
  assert.equal(await page.locator("[aria-live], [role=status], [role=alert]").count(), 0);
  const english = await open("<p>word</p>", "?highlight=word");
  await shown(english);
  assert.equal(english.requests.filter((url) => /speir-[a-z]{2}\.js/.test(url)).length, 0);
});

const LONG = '<p class="fill">Text.</p>'.repeat(80);

test("the first word is in view, unless the address names a place", async () => {
  const page = await open(`${LONG}<p>word</p>${LONG}<h2 id="part">Part</h2>${LONG}`, "?highlight=word");
  await shown(page);
  const inView = (selector) =>
    page.locator(selector).first().evaluate((node) => {
      const { top, bottom } = node.getBoundingClientRect();
      return top >= 0 && bottom <= innerHeight;
    });
  assert.ok(await inView("mark"));
  const there = await open(`${LONG}<p>word</p>${LONG}<h2 id="part">Part</h2>${LONG}`, "?highlight=word#part");
  await shown(there);
  const part = await there.locator("#part").evaluate((node) => node.getBoundingClientRect().top);
  assert.ok(part >= -1 && part < 200, `${part}`);
});

test("30: the heading that the address names receives focus on arrival", async () => {
  const main = `${LONG}<h2 id="a%20b">One</h2>${LONG}<section id="two"><p>1</p><h3>Two</h3></section><p id="note">Note</p>
    <h2><a id="three"></a>Three</h2><h2 id="link"><a href="#">Four</a></h2>${LONG}`;
  for (const [hash, text] of [
    ["#a%2520b", "One"],
    ["#two", "Two"],
    ["#three", "Three"],
    ["#link", "Four"],
  ]) {
    const page = await open(main, `?highlight=one+two${hash}`);
    await page.waitForFunction((text) => document.activeElement.innerText === text, text);
    await page.waitForTimeout(300);
    assert.equal(await page.evaluate(() => document.activeElement.innerText), text, "and keeps it");
    assert.equal(await page.evaluate(() => document.activeElement.tabIndex), -1);
    await page.keyboard.press("Tab");
    assert.equal(await page.locator("main h2[tabindex], main h3[tabindex]").count(), 0, "and is a plain heading afterwards");
  }
  for (const hash of ["#note", "#absent", "#", "", "#%E0%A4%A"]) {
    const page = await open(main, hash);
    await page.waitForTimeout(100);
    assert.equal(await page.evaluate(() => document.activeElement === document.body), true, hash);
    assert.deepEqual(page.faults, []);
  }
});

test("30: a link to a section on the same page does so as well", async () => {
  const page = await open(`<p><a href="#part">Go</a></p>${LONG}<h2 id="part">Part</h2>`);
  await page.getByRole("link", { name: "Go" }).click();
  await page.waitForFunction(() => document.activeElement.id === "part" || document.activeElement === document.body);
  assert.equal(await page.evaluate(() => location.hash), "#part");
  assert.equal(await page.evaluate(() => document.activeElement.id), "part");
});

test("a page of any length stays usable: at most 500 marks, within two seconds", async () => {
  const page = await open(`<p>${"word and more of it ".repeat(60_000)}</p>`, "?highlight=word", {});
  await shown(page);
  assert.equal((await marks(page)).length, 500);
  const ms = await page.evaluate(() => performance.getEntriesByType("navigation")[0].domContentLoadedEventEnd - performance.getEntriesByType("navigation")[0].domInteractive);
  assert.ok(ms < 2000, `${ms} ms`);
});

test("the parameter and the part of the page are the author's to choose", async () => {
  const page = await open('<p>word</p><div data-speir-highlight="hl"><p>word</p></div>', "?hl=word");
  await shown(page);
  assert.equal(await page.locator("[data-speir-highlight] mark").count(), 1);
  assert.equal((await marks(page)).length, 1);
});

test("R39, R40: print has no marks' colour and no button; forced colours have both", async () => {
  const page = await open("<p>word</p>", "?highlight=word", { forcedColors: "active" });
  await shown(page);
  const look = () => page.locator("mark").evaluate((node) => getComputedStyle(node).backgroundColor);
  assert.notEqual(await look(), await page.evaluate(() => getComputedStyle(document.body).backgroundColor));
  await page.emulateMedia({ media: "print", forcedColors: "none" });
  assert.equal(await look(), "rgba(0, 0, 0, 0)");
  assert.equal(await page.getByRole("button").isVisible(), false);
});

test("the script is at most 3 KB in brotli", (t) => {
  const bytes = brotliCompressSync(readFileSync(join(SITE, "search/speir-highlight.js"))).length;
  t.diagnostic(`speir-highlight.js ${bytes} bytes (budget 3000)`);
  assert.ok(bytes <= 3000);
});

/** The links of the first card: its title's and its first section's. */
const links = (page) =>
  page.locator(".speir-result").first().locator("a").evaluateAll((all) => all.map((link) => link.getAttribute("href")));

const HIT = () => {
  window.fakeSearch = async (text, { facets }) => ({
    total: 3,
    hits: [
      {
        id: "a",
        url: "record.html?id=1#top",
        title: "Housing",
        lang: "en",
        fields: { downloads: [{ url: "a.pdf" }] },
        titleParts: [{ text: "Housing", match: true }],
        excerpt: [{ text: "of ", match: false }, { text: "houses", match: true }, { text: "housing", match: true }],
        sections: [{ heading: "Part", number: null, anchor: "p", url: "record.html?id=1#p", excerpt: [{ text: "Dai", match: true }] }],
      },
      {
        id: "c",
        url: "report.pdf#page=2",
        title: "Housing report",
        lang: "en",
        fields: {},
        titleParts: [{ text: "Housing", match: true }, { text: " report", match: false }],
        excerpt: [],
        sections: [],
      },
      {
        id: "b",
        url: "https://elsewhere.example/x",
        title: "Housing elsewhere",
        lang: "en",
        fields: {},
        titleParts: [{ text: "Housing", match: true }, { text: " elsewhere", match: false }],
        excerpt: [],
        sections: [],
      },
    ],
    facets: Object.fromEntries(facets.map((field) => [field, []])),
    notices: [],
  });
};

test("28: with `highlight` the links within the site carry the words as they stand in the text", async () => {
  const page = await world.openFixture({ attributes: "highlight", extra: HIT });
  await search(page, "house");
  const carried = (await links(page)).map((href) => [new URL(href, page.url()).searchParams.get("highlight"), new URL(href, page.url()).hash]);
  assert.deepEqual(carried, [
    ["Housing houses Dai", "#top"],
    ["Housing houses Dai", "#p"],
    [null, ""],
  ]);
  assert.equal(await page.getByRole("link", { name: "Housing report" }).getAttribute("href"), "report.pdf#page=2");
  assert.equal(await page.getByRole("link", { name: /elsewhere/ }).getAttribute("href"), "https://elsewhere.example/x");
  assert.equal(await page.evaluate(() => new URL(document.querySelector(".speir-link").href).searchParams.get("id")), "1");
});

test("28: the parameter has the author's name; without the attribute links carry nothing", async () => {
  const page = await world.openFixture({ attributes: 'highlight="hl"', extra: HIT }, "?q=house");
  await settled(page);
  assert.match((await links(page))[0], /[?&]hl=Housing\+houses\+Dai#top$/);
  const plain = await world.openFixture({ extra: HIT }, "?q=house");
  await settled(plain);
  assert.deepEqual((await links(plain))[0], "record.html?id=1#top");
});

test("28, 30: from the box to the marked word", async () => {
  world.site.add(
    "/record.html",
    `<!doctype html><html lang="en"><meta charset="utf-8"><title>Record</title><script type="module" src="/search/speir-highlight.js"></script><main><h1>A record on housing</h1></main></html>`,
  );
  const page = await world.openFixture({ attributes: "highlight" });
  await search(page, "housing");
  await page.locator(".speir-title a").first().click();
  await shown(page);
  assert.deepEqual(await marks(page), ["housing"]);
});

test("30: a section found in the example's toolkit has focus on arrival", async () => {
  const page = await world.open("?q=day+before+arrival");
  await settled(page);
  const link = page.locator(".speir-sections a").first();
  const name = await link.innerText();
  await link.click();
  await page.waitForURL(/toolkit\.html#/);
  await page.waitForFunction(() => /^H[2-6]$/.test(document.activeElement.tagName));
  const focused = await page.evaluate(() => document.activeElement.innerText);
  assert.ok(name.endsWith(focused.replace(/^[\d.]+\s*/, "")), `${name}: ${focused}`);
});
