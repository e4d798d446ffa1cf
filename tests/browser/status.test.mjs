// What is spoken, what is shown while waiting, and that an old answer never comes last.

import assert from "node:assert/strict";
import { test } from "node:test";
import { BOX, heading, option, search, setUp, settled, status, waitForStatus } from "./support/browser.mjs";

const world = setUp();

/** Notes each text that the live region takes on, in `window.spoken`. */
const listen = (page) =>
  page.evaluate(() => {
    window.spoken = [];
    window.region = document.querySelector("[role=status]");
    new MutationObserver(() => window.spoken.push(window.region.textContent)).observe(window.region, {
      childList: true,
      characterData: true,
      subtree: true,
    });
  });

const spoken = (page) => page.evaluate(() => window.spoken.filter(Boolean));

test("44: one live region is there from the start, empty, and stays the same node", async () => {
  const page = await world.openFixture();
  const region = page.getByRole("status");
  await region.waitFor({ state: "attached" });
  assert.equal(await region.count(), 1);
  assert.equal(await region.textContent(), "");
  await listen(page);
  await search(page, "housing");
  await search(page, "nothing at all");
  await page.setViewportSize({ width: 320, height: 600 });
  assert.ok(
    await page.evaluate(
      () => window.region === document.querySelector("[role=status]") && window.region.isConnected,
    ),
  );
  assert.ok(
    await region.evaluate((node) => getComputedStyle(node).display !== "none" && !node.closest("[hidden]")),
  );
  assert.equal(
    await page.locator("[aria-live], [role=status], [role=log]").count(),
    1,
    "the list itself is never live",
  );
});

test("45, R23: exactly one sentence for each settled search, and again for the same one", async () => {
  const page = await world.openFixture();
  await listen(page);
  await search(page, "housing");
  await waitForStatus(page, /housing/);
  assert.deepEqual(await spoken(page), ["15 resources for ‘housing’, page 1 of 2"]);
  await search(page, "housing");
  await page.waitForFunction(() => window.spoken.filter(Boolean).length === 2);
  await option(page, "Type", "report").check();
  await page.getByLabel("From", { exact: true }).selectOption("2013");
  await page.keyboard.press("Enter");
  await page.getByRole("button", { name: "Apply filters" }).click();
  await waitForStatus(page, /filters/);
  assert.deepEqual((await spoken(page)).slice(1), [
    "15 resources for ‘housing’, page 1 of 2",
    "7 resources for ‘housing’, 2 filters",
  ]);
});

test("45: of searches in quick succession only the last is spoken", async () => {
  const page = await world.openFixture({ attributes: 'filters="instant"' });
  await search(page, "");
  await waitForStatus(page, /30 resources/);
  await listen(page);
  const boxes = ["report", "toolkit", "briefing"].map((value) => option(page, "Type", value).elementHandle());
  // Within the page, so that a slow machine is as quick.
  await page.evaluate((boxes) => boxes.forEach((box) => box.click()), await Promise.all(boxes));
  await waitForStatus(page, /3 filters/);
  await page.waitForTimeout(700);
  assert.deepEqual(await spoken(page), ["28 resources, 3 filters, page 1 of 3"]);
});

test("46: the heading shows what is spoken", async () => {
  const page = await world.openFixture();
  await search(page, "health");
  assert.equal(await heading(page), "15 resources for ‘health’");
  await search(page, "27");
  assert.equal(await heading(page), "1 resource for ‘27’");
});

test("47: after a submit focus stays and the page does not scroll while the heading is in sight", async () => {
  const page = await world.openFixture();
  await search(page, "housing");
  assert.ok(await page.locator(BOX).evaluate((node) => node === document.activeElement));
  assert.equal(await page.evaluate(() => window.scrollY), 0);
  // The button below a long panel is far from the heading: there the heading comes into view.
  await page.setViewportSize({ width: 375, height: 500 });
  await page.getByRole("button", { name: /^Filter/ }).click();
  const apply = page.getByRole("button", { name: "Apply filters" });
  await apply.click();
  await settled(page);
  const { y } = await page.locator(".speir-heading").boundingBox();
  assert.ok(y >= 0 && y < 500, `heading at ${y}`);
  assert.ok(await apply.evaluate((node) => node === document.activeElement));
});

test("48: a slow search says so after a second, keeps the old results, and marks the list as busy", async () => {
  const page = await world.openFixture();
  await search(page, "housing");
  await page.evaluate(() => {
    const search = window.fakeSearch;
    window.fakeSearch = async (...query) => {
      await new Promise((done) => (window.release = done));
      return search(...query);
    };
  });
  await page.fill(BOX, "health");
  await page.keyboard.press("Enter");
  assert.equal(await page.getByText("Loading results").count(), 0);
  await waitForStatus(page, /^Loading results$/);
  assert.ok(await page.locator(".speir-wait").isVisible());
  assert.equal(await page.locator(".speir-found").getAttribute("aria-busy"), "true");
  assert.equal(await heading(page), "15 resources for ‘housing’");
  await page.evaluate(() => window.release());
  await settled(page);
  assert.equal(await heading(page), "15 resources for ‘health’");
  assert.equal(await page.locator(".speir-wait").isVisible(), false);
  await waitForStatus(page, /health/);
});

test("48: an answer that comes late is dropped, and its search is told so", async () => {
  const page = await world.openFixture();
  await page.evaluate(() => {
    const search = window.fakeSearch;
    window.aborted = [];
    window.fakeSearch = async (text, options) => {
      options.signal.addEventListener("abort", () => window.aborted.push(text));
      await new Promise((done) => setTimeout(done, text === "housing" ? 900 : 50));
      return search(text, options);
    };
  });
  await page.fill(BOX, "housing");
  await page.keyboard.press("Enter");
  await page.fill(BOX, "health");
  await page.keyboard.press("Enter");
  await settled(page);
  assert.equal(await heading(page), "15 resources for ‘health’");
  await page.waitForTimeout(1200);
  assert.equal(await heading(page), "15 resources for ‘health’");
  assert.match(await status(page), /health/);
  assert.deepEqual(await page.evaluate(() => window.aborted), ["housing"]);
});

test("48: what the reader types while an answer is on its way is kept", async () => {
  const page = await world.openFixture();
  await page.evaluate(() => {
    const search = window.fakeSearch;
    window.fakeSearch = (...query) => new Promise((done) => setTimeout(() => done(search(...query)), 500));
  });
  await page.fill(BOX, "housing");
  await page.keyboard.press("Enter");
  await page.fill(BOX, "housing health");
  await settled(page);
  assert.equal(await heading(page), "15 resources for ‘housing’");
  assert.equal(await page.inputValue(BOX), "housing health");
});
