// What the widget must never do: break a strict policy, fetch early, store, or tell anyone.

import assert from "node:assert/strict";
import { test } from "node:test";
import { BOX, heading, option, options, search, setUp, settled } from "./support/browser.mjs";
import { POLICY, POLICY_WITHOUT_WASM } from "./support/server.mjs";

const world = setUp();

/** A session with everything in it. */
async function wander(page) {
  await search(page, "integration");
  const [first] = await options(page, "Type");
  await option(page, "Type", first.replace(/ \(.*/, "")).check();
  await page.getByLabel("From", { exact: true }).selectOption({ index: 2 });
  await page.getByRole("button", { name: "Apply filters" }).click();
  await settled(page);
  await page.getByRole("link", { name: "Clear all filters" }).click();
  await settled(page);
  await page.getByLabel("Sort by").selectOption("newest");
  await settled(page);
  await search(page, "");
  await page.getByRole("link", { name: "Next" }).click();
  await settled(page);
  await page.goBack();
  await settled(page);
  await search(page, "xyzzyqwert");
}

test("7, R28: a whole session under the strict policy breaks it nowhere", async () => {
  const page = await world.open();
  await wander(page);
  assert.deepEqual(page.violations, []);
  assert.deepEqual(page.faults, []);
});

test("7, R30: it works where only trusted types may become code", async () => {
  world.site.policy = `${POLICY}; require-trusted-types-for 'script'; trusted-types 'none'`;
  const page = await world.open();
  await wander(page);
  assert.match(await heading(page), /^No resources for/);
  assert.deepEqual(page.violations, []);
  assert.deepEqual(page.faults, []);
});

test("7, R29: a whole session where the policy forbids wasm breaks it once, by asking whether it does", async () => {
  world.site.policy = POLICY_WITHOUT_WASM;
  const page = await world.open();
  await wander(page);
  assert.match(await heading(page), /^No resources for/);
  assert.deepEqual(page.faults, []);
  assert.ok(page.violations.length >= 1);
  // The page asks, and then the worker; neither asks again.
  assert.ok(page.violations.every((text) => /^script-src: wasm-eval/.test(text)), page.violations.join("\n"));
  assert.ok(page.violations.length <= 2, page.violations.join("\n"));
});

test("7, R33: no cookie, no storage, no request to anybody else", async () => {
  const page = await world.open();
  await wander(page);
  const stored = await page.evaluate(async () => ({
    cookie: document.cookie,
    local: localStorage.length,
    session: sessionStorage.length,
    databases: (await indexedDB.databases()).length,
    caches: "caches" in window ? (await caches.keys()).length : 0,
    workers: (await navigator.serviceWorker?.getRegistrations())?.length ?? 0,
  }));
  assert.deepEqual(stored, { cookie: "", local: 0, session: 0, databases: 0, caches: 0, workers: 0 });
  assert.deepEqual(await page.context().cookies(), []);
  assert.deepEqual(
    page.requests.filter((url) => !url.startsWith(world.site.url)),
    [],
  );
  const told = page.requests.filter((url) => /integration|xyzzyqwert/.test(url));
  assert.deepEqual(told, [], "no request carries the words");
});

test("2: before the first focus nothing but the widget's own two files is fetched", async () => {
  const page = await world.open();
  await page.getByRole("status").waitFor({ state: "attached" });
  await page.waitForTimeout(500);
  const fetched = world.site.log
    .map(({ path }) => path)
    .filter((path) => path.startsWith("/search/"))
    .sort();
  assert.deepEqual(fetched, ["/search/speir-widget.css", "/search/speir-widget.js"]);
});

test("3: the first focus fetches engine and manifest once; searching fetches them no more", async () => {
  const page = await world.open();
  await page.focus(BOX);
  await page.waitForFunction(() =>
    performance.getEntriesByType("resource").some(({ name }) => name.endsWith("index.json")),
  );
  await page.locator("button[type=submit]").first().focus();
  await page.focus(BOX);
  await search(page, "integration");
  await search(page, "toolkit");
  for (const file of ["speir.js", "speir.wasm", "index.json"]) {
    assert.equal(world.site.log.filter(({ path }) => path === `/search/${file}`).length, 1, file);
  }
});

test("3: words in the address fetch at once, and two searches over one index share it", async () => {
  const form = (name) =>
    `<form role="search" aria-label="${name}"><label for="${name}">${name}</label><input id="${name}" name="${name}" type="search"><button>Search</button></form>`;
  const body = ["q", "r"]
    .map(
      (name) =>
        `<speir-search data-real src="/search/" id="s${name}" param-prefix="${name}-">${form(name)}</speir-search>`,
    )
    .join("");
  const page = await world.openFixture({ body }, "?q=integration&r=toolkit");
  await page.locator("#sq .speir-list").waitFor();
  await page.locator("#sr .speir-list").waitFor();
  for (const file of ["speir.js", "speir.wasm", "index.json"]) {
    assert.equal(world.site.log.filter(({ path }) => path === `/search/${file}`).length, 1, file);
  }
});

test("R34: events say how much was found, never what was asked", async () => {
  const page = await world.open();
  await page.evaluate(() => {
    window.heard = [];
    for (const name of ["speir-ready", "speir-results", "speir-error"]) {
      document.addEventListener(name, (event) => window.heard.push([name, event.detail]));
    }
  });
  await search(page, "integration");
  const heard = await page.evaluate(() => window.heard);
  assert.deepEqual(
    heard.map(([name]) => name),
    ["speir-ready", "speir-results"],
  );
  assert.deepEqual(Object.keys(heard[1][1]), ["total", "page", "filters", "notices", "ms"]);
  assert.doesNotMatch(JSON.stringify(heard), /integration/);
});
