// The form and the box: what is the author's stays the author's.

import assert from "node:assert/strict";
import { test } from "node:test";
import { BOX, fixture, heading, search, setUp, settled, titles, waitForStatus } from "./support/browser.mjs";

const world = setUp();

test("4: upgrading keeps the author's form, input, focus and the text typed before", async () => {
  const page = await world.newPage();
  world.site.add("/fixture.html", fixture());
  // The widget comes late, as on a slow line.
  world.site.rule(/speir-widget\.js$/, { delay_ms: 1500 });
  await page.goto(`${world.site.url}fixture.html`, { waitUntil: "commit" });
  await page.locator(BOX).waitFor();
  await page.evaluate(() => {
    window.before = [document.querySelector("form"), document.querySelector("input")];
  });
  await page.focus(BOX);
  await page.keyboard.type("hous");
  await page.waitForFunction(() => document.querySelector("[role=status]"));
  const kept = await page.evaluate(() => ({
    same:
      window.before[0] === document.querySelector("form") &&
      window.before[1] === document.querySelector("input"),
    focused: document.activeElement === window.before[1],
    value: window.before[1].value,
  }));
  assert.deepEqual(kept, { same: true, focused: true, value: "hous" });
});

test("4: words typed before the widget came are not overwritten by those of the address", async () => {
  const page = await world.newPage();
  world.site.add("/fixture.html", fixture());
  world.site.rule(/speir-widget\.js$/, { delay_ms: 1500 });
  await page.goto(`${world.site.url}fixture.html?q=housing`, { waitUntil: "commit" });
  await page.locator(BOX).pressSequentially("health");
  await settled(page);
  assert.equal(await heading(page), "15 resources for ‘housing’");
  assert.equal(await page.inputValue(BOX), "health");
});

test("9: without a form of the author's there is one, with a visible label and a button", async () => {
  const page = await world.openFixture({ body: "<speir-search></speir-search>" });
  const box = page.getByRole("searchbox", { name: "Search" });
  assert.equal(await page.getByRole("search").count(), 1);
  assert.equal(await box.getAttribute("name"), "q");
  assert.equal(await box.getAttribute("enterkeyhint"), "search");
  assert.ok(await page.locator("label", { hasText: "Search" }).isVisible());
  await box.fill("housing");
  await page.getByRole("button", { name: "Search", exact: true }).click();
  await settled(page);
  assert.equal(await heading(page), "15 resources for ‘housing’");
});

test("9: an input without any name gets a visible label", async () => {
  const page = await world.openFixture({ form: '<form role="search"><input type="search" name="q"></form>' });
  assert.ok(await page.getByLabel("Search").isVisible());
  assert.equal(await page.locator("[role=search] button[type=submit]").count(), 1);
});

test("10: the submit button is next in Tab order after the input and large enough", async () => {
  const page = await world.openFixture();
  await page.fill(BOX, "housing");
  await page.keyboard.press("Tab");
  const focused = page.locator(":focus");
  assert.equal(await focused.innerText(), "Search");
  const { width, height } = await focused.boundingBox();
  assert.ok(width >= 24 && height >= 20, `${width} by ${height}`);
});

test("11: typing changes nothing; Enter and the button run the search", async () => {
  const page = await world.openFixture();
  await page.locator(BOX).pressSequentially("housing");
  await page.waitForTimeout(600);
  assert.equal(await page.evaluate(() => window.asked.length), 0);
  assert.equal(await page.locator(".speir-area").isVisible(), false);
  await page.keyboard.press("Enter");
  await settled(page);
  await page.fill(BOX, "health");
  await page.getByRole("button", { name: "Search", exact: true }).click();
  await settled(page);
  assert.deepEqual(await page.evaluate(() => window.asked.map(({ text }) => text)), ["housing", "health"]);
});

test("13: an empty search lists everything, and its address brings that back", async () => {
  const page = await world.openFixture();
  await page.press(BOX, "Enter");
  await settled(page);
  assert.equal(await heading(page), "30 resources");
  assert.equal(await waitForStatus(page, /resources/), "30 resources, page 1 of 3");
  assert.equal(new URL(page.url()).search, "?q=");
  await page.reload();
  await settled(page);
  assert.equal((await titles(page)).length, 10);
});

test("14: the button to clear is there with text alone and gives focus back to the input", async () => {
  const page = await world.openFixture();
  const clear = page.getByRole("button", { name: "Clear search" });
  assert.equal(await clear.count(), 0);
  await page.locator(BOX).pressSequentially("hou");
  const before = await page.getByRole("search").boundingBox();
  await clear.click();
  assert.equal(await page.inputValue(BOX), "");
  assert.ok(await page.locator(BOX).evaluate((input) => input === document.activeElement));
  assert.equal(await clear.count(), 0);
  assert.deepEqual(await page.getByRole("search").boundingBox(), before, "the form must not change its size");
});

test("15: a text is one line of at most 200 characters, and no emoji is cut in two", async () => {
  const page = await world.openFixture();
  await search(page, `  housing \t ${"🏠".repeat(300)}`);
  const text = await page.evaluate(() => window.asked[0].text);
  assert.ok(text.startsWith("housing 🏠"));
  assert.equal([...text].length, 200);
  assert.ok(text.isWellFormed?.() ?? !/[\ud800-\udbff]$/.test(text));
});

for (const text of [
  "R&D",
  "50%",
  "a#b",
  "1+1",
  "a=b;c",
  "🏠 häuser",
  "“peer review”",
  "<b>",
  "%20",
  "cafe\u0301",
]) {
  test(`15: «${text}» survives the way through the address`, async () => {
    const page = await world.openFixture();
    await search(page, text);
    await page.reload();
    await settled(page);
    assert.equal(await page.inputValue(BOX), text);
    // Where nothing is found, how many there are in all is asked afterwards.
    assert.deepEqual(await page.evaluate(() => window.asked.map(({ text }) => text)), [text, ""]);
  });
}

test("21, 51: a select of the author's own form is part of the question, and follows it", async () => {
  const form = `<form role="search"><label for="q">Words</label><input id="q" name="q" type="search">
    <label for="t">Type</label><select id="t" name="type"><option value="">Any type</option><option>report</option><option>toolkit</option></select>
    <button>Search</button></form>`;
  const page = await world.openFixture({ form });
  await page.selectOption("#t", "toolkit");
  await search(page, "housing");
  assert.equal(await heading(page), "4 resources for ‘housing’");
  assert.equal(new URL(page.url()).search, "?q=housing&type=toolkit");
  assert.ok(await page.getByRole("checkbox", { name: "toolkit" }).isChecked());
  await page.getByRole("link", { name: "Remove Type: toolkit" }).click();
  await settled(page);
  assert.equal(await page.inputValue("#t"), "");
  // "Any type" sends an empty value; that is no filter.
  await page.goto(`${world.site.url}fixture.html?q=housing&type=`);
  await settled(page);
  assert.equal(await heading(page), "15 resources for ‘housing’");
});

test("a button of the author's with its own address keeps it", async () => {
  const form = `<form role="search"><label for="q">Words</label><input id="q" name="q" type="search">
    <button>Search</button><button formaction="list.html">Search the whole site</button></form>`;
  const page = await world.openFixture({ form });
  await page.fill(BOX, "housing");
  await page.getByRole("button", { name: "whole site" }).click();
  await page.waitForURL(/list\.html\?q=housing$/);
});
