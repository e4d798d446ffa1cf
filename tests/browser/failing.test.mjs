// When files do not come, come late, or come damaged: a reader is told so, never "no results".

import assert from "node:assert/strict";
import { test } from "node:test";
import { BOX, heading, search, setUp, settled, status, waitForStatus } from "./support/browser.mjs";
import { POLICY_WITHOUT_WASM } from "./support/server.mjs";

const world = setUp();
const MESSAGE = "Search is not available just now.";

/** The message is there, spoken once, and nothing claims that nothing was found. */
async function assertFailed(page) {
  await page.locator(".speir-message", { hasText: MESSAGE }).waitFor();
  await waitForStatus(page, /^Search is not available just now\./);
  assert.doesNotMatch(await page.locator("speir-search").innerText(), /No resources/);
  assert.equal(await page.locator(".speir-list").count(), 0);
  assert.equal(await page.locator("[aria-busy=true]").count(), 0);
}

for (const [what, rule] of [
  ["missing", { status: 404 }],
  ["cut short", { cut: 40 }],
  ["empty", { cut: 0 }],
  ["damaged at its end", { flip: -3 }],
  ["damaged at its start", { flip: 1 }],
  ["answered with an error", { status: 503 }],
]) {
  test(`5, R38: a chunk that is ${what} gives a message, and the next search works`, async () => {
    const page = await world.open();
    world.site.rule(/\.bin$/, rule);
    await search(page, "integration");
    await assertFailed(page);
    world.site.reset();
    await search(page, "integration");
    assert.match(await heading(page), /^\d+ resources for ‘integration’$/);
    assert.equal(await page.locator(".speir-message").isVisible(), false);
    await waitForStatus(page, /resources for ‘integration’/);
  });
}

test('5: "Try again" asks the same once more', async () => {
  const page = await world.open();
  world.site.rule(/\.bin$/, { status: 404 });
  await search(page, "integration");
  await assertFailed(page);
  world.site.reset();
  await page.getByRole("button", { name: "Try again" }).click();
  await page.locator(".speir-list").first().waitFor();
  assert.match(await heading(page), /integration/);
});

for (const [what, pattern, rule] of [
  ["the manifest is missing", /index\.json$/, { status: 404 }],
  ["the manifest is damaged", /index\.json$/, { flip: 30 }],
  ["the manifest is cut short", /index\.json$/, { cut: 50 }],
  ["the engine's script is missing", /\/speir\.js$/, { status: 404 }],
  // Where the wasm alone is wrong, another engine answers: ladder.test.mjs.
  ["every engine is missing", /\.wasm$|speir-engine\.js$/, { status: 404 }],
  ["every engine is cut short", /\.wasm$|speir-engine\.js$/, { cut: 100 }],
  ["every engine is a page that says sorry", /\.wasm$|speir-engine\.js$/, { type: "text/html", cut: 0 }],
]) {
  test(`5, R38: ${what}: a message, and then the form goes its own way`, async () => {
    const page = await world.open();
    world.site.rule(pattern, rule);
    await search(page, "integration");
    await assertFailed(page);
    const action = await page.locator("form[role=search]").getAttribute("action");
    assert.equal(await page.getByRole("link", { name: "Browse all resources" }).getAttribute("href"), action);
    await page.press(BOX, "Enter");
    await page.waitForURL(
      (url) =>
        url.pathname.endsWith(action.replace(/index\.html$/, "")) &&
        url.searchParams.get("q") === "integration",
    );
  });
}

test("5: the author's list comes back, is not hidden for good, and leaves for results again", async () => {
  const list = "<ul id=list><li>A paper of the author's</li></ul>";
  const page = await world.openFixture({ list });
  assert.ok(await page.locator("#list").isVisible());
  await search(page, "housing");
  assert.equal(await page.locator("#list").isVisible(), false);
  await page.evaluate(() => {
    window.works = window.fakeSearch;
    window.fakeSearch = () => Promise.reject(Object.assign(new Error("no"), { code: "network" }));
    document.addEventListener("speir-error", (event) => (window.code = event.detail.code));
  });
  await search(page, "housing");
  await assertFailed(page);
  assert.match(await page.locator(".speir-message").innerText(), /You can browse the list below\./);
  assert.equal(await status(page), `${MESSAGE} You can browse the list below.`);
  assert.ok(await page.locator("#list").isVisible());
  assert.equal(await page.evaluate(() => window.code), "network");
  await page.evaluate(() => (window.fakeSearch = window.works));
  await search(page, "housing");
  assert.equal(await page.locator("#list").isVisible(), false);
});

test("5: an index that does not come within 8 s is given up, and taken if it comes after all", async () => {
  const page = await world.open();
  world.site.rule(/\.bin$/, { delay_ms: 10_500 });
  await page.fill(BOX, "integration");
  await page.press(BOX, "Enter");
  await waitForStatus(page, /^Loading results$/);
  const began = Date.now();
  await page.locator(".speir-message", { hasText: MESSAGE }).waitFor();
  assert.ok(Date.now() - began < 9500);
  await page.locator(".speir-list").first().waitFor();
  assert.equal(await page.locator(".speir-message").isVisible(), false);
});

test("48: on a slow network it loads, says so, and arrives", async () => {
  world.site.rule(/\/search\/(?!.*widget)/, { delay_ms: 700 });
  const page = await world.open();
  await search(page, "integration");
  assert.match(await heading(page), /^\d+ resources for ‘integration’$/);
  assert.deepEqual(page.faults, []);
});

for (const type of ["application/octet-stream", "text/plain", "text/html"]) {
  test(`R38: wasm that is sent as ${type} works all the same`, async () => {
    world.site.rule(/\.wasm$/, { type });
    const page = await world.open("?q=integration");
    await settled(page);
    assert.match(await heading(page), /^\d+ resources for ‘integration’$/);
  });
}

test("5, R29: where the policy forbids wasm and nothing else is there, there is a message, never a wait without end", async () => {
  world.site.policy = POLICY_WITHOUT_WASM;
  world.site.rule(/speir-(ladder|worker|engine)\.js$/, { status: 404 });
  const page = await world.open("?q=integration");
  await assertFailed(page);
});

test("R38: without the widget's script the form is there and works", async () => {
  world.site.rule(/speir-widget\.js$/, { status: 404 });
  const page = await world.open();
  await page.fill(BOX, "integration");
  const action = await page.locator("form[role=search]").getAttribute("action");
  await page.press(BOX, "Enter");
  await page.waitForURL(
    (url) => url.pathname.endsWith(action) && url.searchParams.get("q") === "integration",
  );
});
