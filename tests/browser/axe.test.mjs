// axe-core on the example site in each state that a reader can meet, wide and narrow.
//
// WCAG 2.2 A and AA, best practices, and the label-in-name rule that is off by default.

import assert from "node:assert/strict";
import { test } from "node:test";
import { axe, heading, search, setUp, settled } from "./support/browser.mjs";

const world = setUp();

/** A word that several records of the example have. */
const WORD = "integration";

for (const [size, viewport] of [
  ["wide", { width: 1280, height: 900 }],
  ["narrow", { width: 320, height: 640 }],
]) {
  test(`R5, R15, R17: start, ${size}`, async () => {
    const page = await world.open("", { viewport });
    await page.getByRole("status").waitFor({ state: "attached" });
    assert.deepEqual(await axe(page), []);
  });

  test(`R5, R15, R17: results, ${size}`, async () => {
    const page = await world.open("", { viewport });
    await search(page, WORD);
    assert.match(await heading(page), /^\d+ resources for ‘integration’$/);
    if (size === "narrow") await page.getByRole("button", { name: /^Filter/ }).click();
    assert.deepEqual(await axe(page), []);
  });

  test(`R5, R15, R17: filters applied, ${size}`, async () => {
    const page = await world.open(`?q=&type=report&type=toolkit&from=2013&to=2019&page=2`, { viewport });
    await settled(page);
    assert.ok((await page.getByRole("link", { name: /^Remove / }).count()) === 3);
    assert.deepEqual(await axe(page), []);
  });

  test(`R5, R15, R17: no results, ${size}`, async () => {
    const page = await world.open(`?q=xyzzyqwert&type=report`, { viewport });
    await settled(page);
    assert.match(await heading(page), /^No resources for/);
    assert.deepEqual(await axe(page), []);
  });

  test(`R5, R15, R17: error, ${size}`, async () => {
    world.site.rule(/index\.json$/, { status: 500 });
    const page = await world.open(`?q=${WORD}`, { viewport });
    await page.getByText("Search is not available just now.").first().waitFor();
    assert.deepEqual(await axe(page), []);
  });
}
