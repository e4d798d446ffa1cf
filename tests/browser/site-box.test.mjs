// <speir-box>: the form on any page of the site, and what it adds.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { pathToFileURL } from "node:url";
import { brotliCompressSync } from "node:zlib";
import { axe, fixture, heading, setUp, settled, SITE } from "./support/browser.mjs";

const world = setUp();
const BOX = "speir-box input[type=search]";

const FORM = `
  <form action="/fixture.html" method="get" role="search" aria-label="Site">
    <label for="s">Search the site</label>
    <input id="s" name="q" type="search">
    <label for="t">Type</label>
    <select id="t" name="type"><option value="">Any</option><option>report</option></select>
    <button type="submit">Go</button>
  </form>`;

/** A page of content with the box in its header. The page of results is `fixture.html`. */
async function open(attributes = "", { form = FORM, body = "", ...options } = {}) {
  world.site.add("/fixture.html", fixture());
  world.site.add(
    "/content.html",
    `<!doctype html><html lang="en"><title>Content</title><meta name="viewport" content="width=device-width">
     <script type="module" src="/search/speir-box.js"></script>
     <header><speir-box ${attributes}>${form}</speir-box></header><main><h1>Content</h1>${body}
     <label for="other">Notes</label><textarea id="other"></textarea></main>
     <script src="/fixture/fake.js"></script></html>`,
  );
  const page = await world.newPage(options);
  await page.goto(`${world.site.url}content.html`);
  return page;
}

test("1, 51: with and without JavaScript the form leads to the page of results, by plain GET", async () => {
  for (const javaScriptEnabled of [true, false]) {
    const page = await open("", { javaScriptEnabled });
    await page.fill(BOX, "R&D 50% + more");
    await page.selectOption("#t", "report");
    await page.getByRole("button", { name: "Go" }).click();
    await page.waitForURL(/fixture\.html/);
    const params = new URL(page.url()).searchParams;
    assert.deepEqual([...params], [["q", "R&D 50% + more"], ["type", "report"]]);
  }
});

test("51, 54: words and choice arrive as question and filter", async () => {
  const page = await open();
  await page.fill(BOX, "housing");
  await page.selectOption("#t", "report");
  await page.getByRole("button", { name: "Go" }).click();
  await settled(page);
  assert.equal(await heading(page), "7 resources for ‘housing’");
  assert.ok(await page.getByRole("link", { name: /Remove Type: report/ }).isVisible());
});

test("2: before the first focus nothing but its own script is fetched, and that is at most 3 KB", async () => {
  const page = await open("suggestions");
  await page.waitForTimeout(400);
  const ours = () => page.requests.map((url) => new URL(url).pathname).filter((path) => path.startsWith("/search/"));
  assert.deepEqual(ours(), ["/search/speir-box.js"]);
  assert.ok(brotliCompressSync(readFileSync(join(SITE, "search/speir-box.js"))).length <= 3000);
  await page.focus(BOX);
  await page.locator(`${BOX}[role=combobox]`).waitFor();
  assert.deepEqual(ours().slice(1), ["/search/speir-suggest.js"]);
});

test("without `suggestions` nothing is ever fetched", async () => {
  const page = await open();
  await page.focus(BOX);
  await page.keyboard.type("housing");
  await page.waitForTimeout(400);
  assert.equal(page.requests.filter((url) => url.includes("/search/")).length, 1);
});

test("16, 19, 23: suggestions come from the index, and the one chosen is searched for on the page of results", async () => {
  const page = await open("data-real suggestions");
  await page.focus(BOX);
  await page.keyboard.type("integ");
  const option = page.getByRole("option").first();
  await option.waitFor();
  const text = (await option.locator("span").first().textContent()).trim();
  assert.deepEqual(await axe(page).then((found) => found.filter((line) => /listbox|option|combobox|aria/.test(line))), []);
  await page.waitForFunction(() => /\d suggestion/.test(document.querySelector("[role=status]").textContent));
  assert.equal(await page.locator("[role=status]").count(), 1);
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("Enter");
  await page.waitForURL(/fixture\.html/);
  assert.equal(new URL(page.url()).searchParams.get("q"), text);
  assert.deepEqual(page.violations, []);
  assert.deepEqual(page.faults, []);
});

test("5: where the index does not come the form works", async () => {
  world.site.rule(/index\.json$/, { status: 500 });
  const page = await open("data-real suggestions");
  await page.focus(BOX);
  await page.keyboard.type("housing");
  await page.waitForTimeout(500);
  await page.keyboard.press("Enter");
  await page.waitForURL(/fixture\.html\?q=housing/);
  assert.deepEqual(page.faults, []);
});

const focused = (page) => page.evaluate(() => document.activeElement.id);

test("R10: there is no shortcut unless one is asked for", async () => {
  const page = await open();
  await page.keyboard.press("/");
  assert.equal(await focused(page), "");
});

test("R10: the shortcut leads to the box, but in a field it is a character", async () => {
  const page = await open('shortcut="/"');
  await page.focus("#other");
  await page.keyboard.type("and/or");
  assert.equal(await page.inputValue("#other"), "and/or");
  await page.locator("#other").blur();
  await page.keyboard.press("/");
  assert.equal(await focused(page), "s");
  assert.equal(await page.inputValue(BOX), "", "the key itself is not typed");
  await page.keyboard.type("and/or");
  assert.equal(await page.inputValue(BOX), "and/or");
});

test("R10: a switch of the page can take the shortcut away, and a combination is one too", async () => {
  const page = await open('shortcut="Control+k"');
  await page.keyboard.press("k");
  assert.equal(await focused(page), "");
  await page.keyboard.press("Control+Alt+k");
  assert.equal(await focused(page), "");
  await page.keyboard.press("Control+k");
  assert.equal(await focused(page), "s");
  await page.locator(BOX).blur();
  await page.evaluate(() => document.querySelector("speir-box").removeAttribute("shortcut"));
  await page.keyboard.press("Control+k");
  assert.equal(await focused(page), "");
});

test("60: two boxes on a page do not share ids, and one taken away listens no more", async () => {
  const second = FORM.replaceAll('"s"', '"s2"').replaceAll('"t"', '"t2"').replace("Site", "Site again");
  const page = await open("suggestions shortcut=/", { body: `<speir-box suggestions>${second}</speir-box>` });
  for (const id of ["#s", "#s2"]) {
    await page.focus(id);
    await page.locator(`${id}[role=combobox]`).waitFor();
  }
  const ids = await page.locator("[role=listbox]").evaluateAll((lists) => lists.map(({ id }) => id));
  assert.equal(new Set(ids).size, 2);
  await page.evaluate(() => {
    window.taken = document.querySelector("speir-box");
    window.taken.remove();
    document.activeElement.blur();
  });
  await page.keyboard.press("/");
  assert.equal(await focused(page), "");
  assert.equal(await page.evaluate(() => window.taken.querySelector("input").getAttribute("role")), null);
});

test("a box without a form says so to the author, and breaks nothing", async () => {
  const told = [];
  world.site.add("/empty.html", '<!doctype html><title>x</title><script type="module" src="/search/speir-box.js"></script><speir-box></speir-box>');
  const page = await world.newPage();
  page.on("console", (message) => told.push(message.text()));
  await page.goto(`${world.site.url}empty.html`);
  await page.waitForTimeout(200);
  assert.match(told.join(), /speir-box: it has to hold a form/);
  assert.deepEqual(page.faults, []);
});

test("R35: it can be loaded where there is no page, as when a site is built", async () => {
  await import(pathToFileURL(join(SITE, "search/speir-box.js")));
  await import(pathToFileURL(join(SITE, "search/speir-highlight.js")));
  assert.equal(globalThis.customElements, undefined);
});
