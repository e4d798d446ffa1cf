// The whole way with the keyboard alone, and that focus can always be seen.

import assert from "node:assert/strict";
import { test } from "node:test";
import { BOX, heading, search, setUp, settled, titles } from "./support/browser.mjs";

const world = setUp();

/** Presses Tab until what has focus fits a selector; fails after `most` presses. */
async function tabTo(page, selector, most = 80) {
  for (let press = 0; press < most; press += 1) {
    await page.keyboard.press("Tab");
    if (await page.evaluate((selector) => document.activeElement?.matches(selector), selector)) {
      return press + 1;
    }
  }
  throw new Error(`${selector} was not reached by ${most} presses of Tab`);
}

test("R9: type, Enter, Tab to a filter, Space, Apply, Tab to a result, Enter", async () => {
  const page = await world.open();
  await tabTo(page, BOX);
  await page.keyboard.type("integration");
  await page.keyboard.press("Enter");
  await settled(page);
  const all = Number((await heading(page)).match(/^\d+/)[0]);
  assert.ok(all > 1);

  await tabTo(page, "fieldset input[type=checkbox]");
  const value = await page.evaluate(() => document.activeElement.value);
  await page.keyboard.press("Space");
  await tabTo(page, ".speir-filters button[type=submit]");
  await page.keyboard.press("Enter");
  await settled(page);
  const some = Number((await heading(page)).match(/^\d+/)[0]);
  assert.ok(some > 0 && some <= all, `${some} of ${all}`);
  assert.equal(new URL(page.url()).searchParams.get("type"), value);

  await tabTo(page, ".speir-title a");
  const href = await page.evaluate(() => document.activeElement.href);
  await page.keyboard.press("Enter");
  await page.waitForURL(href);
});

test("R9: there is no trap: Tab and Shift+Tab walk through everything and out", async () => {
  const page = await world.open("?q=integration");
  await settled(page);
  await page.focus(BOX);
  await tabTo(page, "footer a, body, html", 120).catch(() => assert.fail("Tab never leaves the page"));
  await page.focus(".speir-title a");
  for (let press = 0; press < 120; press += 1) {
    await page.keyboard.press("Shift+Tab");
    if (await page.evaluate((box) => document.activeElement?.matches(box), BOX)) return;
  }
  assert.fail("Shift+Tab never comes back to the box");
});

test("R3: Tab goes from the box to the filters to the results, as they stand on the page", async () => {
  for (const viewport of [
    { width: 320, height: 640 },
    { width: 768, height: 900 },
    { width: 1280, height: 900 },
  ]) {
    const page = await world.open("?q=integration&type=report&type=toolkit", { viewport });
    await settled(page);
    const button = page.locator(".speir-disclose");
    if (await button.isVisible()) await button.click();
    await page.focus(BOX);
    const walk = [];
    for (let press = 0; press < 100; press += 1) {
      await page.keyboard.press("Tab");
      const step = await page.evaluate(() => {
        const node = document.activeElement;
        if (!node.closest("speir-search")) return null;
        const { top, left } = node.getBoundingClientRect();
        const part = node.closest(".speir-side") ? 1 : node.closest(".speir-main") ? 2 : 0;
        return { part, top: top + window.scrollY, left, name: node.textContent.slice(0, 30) || node.value };
      });
      if (!step) break;
      walk.push(step);
    }
    assert.ok(walk.length > 10);
    for (const [at, step] of walk.slice(1).entries()) {
      const former = walk[at];
      assert.ok(step.part >= former.part, `${former.name} before ${step.name}`);
      const isBelow = step.top >= former.top - 12 || step.part !== former.part;
      assert.ok(
        isBelow,
        `at ${viewport.width}: "${step.name}" (${step.top}) stands above "${former.name}" (${former.top})`,
      );
    }
  }
});

test("R14: whatever has focus can be seen, and shows it", async () => {
  const page = await world.open("?q=integration&type=report");
  await settled(page);
  await page.focus(BOX);
  for (let press = 0; press < 60; press += 1) {
    await page.keyboard.press("Tab");
    const seen = await page.evaluate(() => {
      const node = document.activeElement;
      if (!node.closest("speir-search")) return null;
      const { left, top, width, height } = node.getBoundingClientRect();
      const hit = document.elementFromPoint(left + Math.min(width / 2, 40), top + height / 2);
      const { outlineStyle, outlineWidth, boxShadow } = getComputedStyle(node);
      return {
        name: node.textContent.slice(0, 30) || node.value,
        isOnTop: Boolean(hit && (node.contains(hit) || hit.contains(node))),
        isMarked: (outlineStyle !== "none" && parseFloat(outlineWidth) >= 2) || boxShadow !== "none",
      };
    });
    if (!seen) break;
    assert.ok(seen.isOnTop, `"${seen.name}" is covered`);
    assert.ok(seen.isMarked, `"${seen.name}" does not show its focus`);
  }
});

test("R14: under a header that stays on top nothing that has focus is covered, where the page says how high it is", async () => {
  const page = await world.openFixture({}, "?q=record");
  await settled(page);
  await page.evaluate(() => {
    const header = document.createElement("header");
    header.id = "top";
    header.textContent = "A header";
    document.body.prepend(header);
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(
      "#top { position: sticky; top: 0; height: 6rem; background: #eee; z-index: 5 } html { scroll-padding-top: 7rem }",
    );
    document.adoptedStyleSheets = [...document.adoptedStyleSheets, sheet];
  });
  await page.locator(".speir-pager a[rel=next]").click();
  await page.waitForFunction(() => document.activeElement?.classList.contains("speir-heading"));
  const covered = () =>
    page.evaluate(() => {
      const { top } = document.activeElement.getBoundingClientRect();
      return top < document.querySelector("#top").getBoundingClientRect().bottom - 1;
    });
  assert.equal(await covered(), false, "the heading of the second page");
  await page.locator(".speir-pager a").last().focus();
  for (let press = 0; press < 12; press += 1) {
    assert.equal(await covered(), false, `${press} steps back`);
    await page.keyboard.press("Shift+Tab");
  }
});

test("R10: single characters are only characters", async () => {
  const page = await world.open("?q=integration");
  await settled(page);
  const before = await titles(page);
  await page.focus(".speir-title a");
  for (const key of ["/", "s", "?", "f"]) await page.keyboard.press(key);
  assert.ok(
    await page
      .locator(".speir-title a")
      .first()
      .evaluate((node) => node === document.activeElement),
  );
  assert.deepEqual(await titles(page), before);
});
