// Results while the reader types, where the page asks for it with `live`.

import assert from "node:assert/strict";
import { test } from "node:test";
import { BOX, heading, option, settled, setUp, waitForStatus } from "./support/browser.mjs";

const world = setUp();

const asked = (page) => page.evaluate(() => window.asked.map(({ text }) => text));

/** A page with `live`, its box ready and focused. */
async function open(parts = {}, query = "") {
  const page = await world.openFixture({ attributes: "live", ...parts }, query);
  const loaded = page.waitForResponse(/speir-extras\.js$/);
  await page.focus(BOX);
  await loaded;
  await page.waitForTimeout(200);
  return page;
}

test("12: results follow 250 ms after the last key, from two characters on, and focus stays", async () => {
  const page = await open();
  await page.keyboard.type("h");
  await page.waitForTimeout(600);
  assert.deepEqual(await asked(page), []);
  await page.keyboard.type("ousing");
  assert.deepEqual(await asked(page), [], "not while keys follow each other");
  await settled(page);
  assert.deepEqual(await asked(page), ["housing"]);
  assert.equal(await heading(page), "15 resources for ‘housing’");
  assert.ok(await page.locator(BOX).evaluate((input) => input === document.activeElement));
  assert.equal(await page.evaluate(() => scrollY), 0);
});

test("12: what stands in the box is not touched, not even the space before the next word", async () => {
  const page = await open();
  await page.keyboard.type("record ");
  await settled(page);
  assert.equal(await page.locator(BOX).inputValue(), "record ");
  await page.keyboard.type("7");
  await page.waitForFunction(() => window.asked.length === 2);
  assert.deepEqual(await asked(page), ["record", "record 7"]);
  assert.equal(await page.locator(BOX).inputValue(), "record 7");
});

test("12: nothing is searched while an input method composes", async () => {
  const page = await open();
  const client = await page.context().newCDPSession(page);
  await client.send("Input.imeSetComposition", { text: "hous", selectionStart: 4, selectionEnd: 4 });
  await page.waitForTimeout(600);
  assert.deepEqual(await asked(page), []);
  await client.send("Input.insertText", { text: "housing" });
  await settled(page);
  assert.deepEqual(await asked(page), ["housing"]);
});

test("11, 12: Enter searches at once and once; without the attribute typing changes nothing", async () => {
  const page = await open();
  await page.keyboard.type("housing");
  await page.keyboard.press("Enter");
  await settled(page);
  await page.waitForTimeout(500);
  assert.deepEqual(await asked(page), ["housing"]);
  const plain = await world.openFixture();
  await plain.focus(BOX);
  await plain.keyboard.type("housing");
  await plain.waitForTimeout(600);
  assert.deepEqual(await asked(plain), []);
});

test("52: typing changes the address in place; Back leaves as it came", async () => {
  const page = await world.newPage();
  await page.goto(`${world.site.url}list.html`);
  const { fixture } = await import("./support/browser.mjs");
  world.site.add("/fixture.html", fixture({ attributes: "live" }));
  await page.goto(`${world.site.url}fixture.html?utm=x`);
  await page.focus(BOX);
  const before = await page.evaluate(() => history.length);
  await page.keyboard.type("hous");
  await settled(page);
  await page.keyboard.type("ing");
  await page.waitForFunction(() => location.search.includes("q=housing"));
  assert.equal(new URL(page.url()).search, "?utm=x&q=housing");
  assert.equal(await page.evaluate(() => history.length), before);
  await page.goBack();
  assert.match(page.url(), /list\.html$/);
});

test("45: of what was typed through, only the last is spoken", async () => {
  const page = await open();
  await page.evaluate(() => {
    window.spoken = [];
    const region = document.querySelector("[role=status]");
    new MutationObserver(() => region.textContent && window.spoken.push(region.textContent)).observe(region, { childList: true });
    // Goes on typing as soon as the first results are there, in the page's own time.
    const { fakeSearch } = window;
    window.fakeSearch = async (...asked) => {
      window.fakeSearch = fakeSearch;
      setTimeout(() => {
        const input = document.querySelector("input[type=search]");
        input.value += " 7";
        input.dispatchEvent(new InputEvent("input", { bubbles: true }));
      }, 50);
      return fakeSearch(...asked);
    };
  });
  await page.keyboard.type("record");
  await waitForStatus(page, /‘record 7’/);
  assert.deepEqual(await page.evaluate(() => window.spoken), ["3 resources for ‘record 7’"]);
});

test("12, 38: ticks that are not applied yet stay as they are", async () => {
  const page = await open({}, "?q=record");
  await settled(page);
  await option(page, "Type", "report").check();
  await page.focus(BOX);
  await page.keyboard.press("End");
  await page.keyboard.type(" 7");
  await page.waitForFunction(() => window.asked.length === 2);
  await settled(page);
  assert.deepEqual(await page.evaluate(() => window.asked[1].filters), {});
  assert.ok(await option(page, "Type", "report").isChecked());
});
