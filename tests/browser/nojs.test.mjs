// Without JavaScript: the form that the author wrote, and a page that lists everything.

import assert from "node:assert/strict";
import { test } from "node:test";
import { BOX, setUp } from "./support/browser.mjs";

const world = setUp();

test("1, R37: the form has a label and a button, and leads to a page with every record", async () => {
  const page = await world.open("", { javaScriptEnabled: false });
  const box = page.locator(BOX);
  assert.ok(await box.isVisible());
  const label = page.locator(`label[for="${await box.getAttribute("id")}"]`);
  assert.ok(await label.isVisible());
  await box.fill("integration");
  await page.locator("form[role=search] button").click();
  await page.waitForURL((url) => url.searchParams.get("q") === "integration");
  assert.equal(await page.locator("h1").count(), 1);
  assert.ok((await page.locator("main h3").count()) >= 66, "the page lists the records");
});
