// What the element tells the page, and what the page can ask of it.

import assert from "node:assert/strict";
import { test } from "node:test";
import { BOX, heading, option, search, settled, setUp, titles } from "./support/browser.mjs";

const world = setUp();
const NAMES = ["speir-before-search", "speir-results", "speir-select", "speir-error", "speir-ready"];

/** Notes every event that reaches the document, in `window.heard`. */
const listen = (page) =>
  page.evaluate((names) => {
    window.heard = [];
    for (const name of names) {
      document.addEventListener(name, ({ detail, cancelable }) => window.heard.push({ name, detail, cancelable }));
    }
  }, NAMES);

const heard = (page, name) => page.evaluate((name) => window.heard.filter((one) => one.name === name), name);

test("R34: a search tells before and after: how much, how, how long, and never the words", async () => {
  const page = await world.openFixture({}, "?q=&type=report&from=2013");
  await settled(page);
  await listen(page);
  await page.evaluate(() => {
    const { fakeSearch } = window;
    window.fakeSearch = async (...asked) => ({
      ...(await fakeSearch(...asked)),
      notices: [{ kind: "unknown-word", word: "secret" }],
    });
  });
  await search(page, "record secret");
  const [before] = await heard(page, "speir-before-search");
  assert.deepEqual(before, {
    name: "speir-before-search",
    detail: { page: 1, filters: ["type", "year"] },
    cancelable: true,
  });
  const [results] = await heard(page, "speir-results");
  const { ms, ...rest } = results.detail;
  assert.deepEqual(rest, { total: 0, page: 1, filters: ["type", "year"], notices: ["unknown-word"] });
  assert.ok(Number.isInteger(ms) && ms >= 0);
  assert.equal(results.cancelable, false);
  assert.doesNotMatch(JSON.stringify(await page.evaluate(() => window.heard)), /secret|record/);
});

test("R34: a search that the page forbids changes nothing", async () => {
  const page = await world.openFixture({}, "?q=housing");
  await settled(page);
  const url = page.url();
  await page.evaluate(() => {
    document.addEventListener("speir-before-search", (event) => event.preventDefault());
  });
  await page.fill(BOX, "health");
  await page.press(BOX, "Enter");
  await page.waitForTimeout(300);
  assert.equal(page.url(), url);
  assert.equal(await heading(page), "15 resources for ‘housing’");
  assert.deepEqual(await page.evaluate(() => window.asked.map(({ text }) => text)), ["housing"]);
  assert.equal(await page.inputValue(BOX), "health", "what the reader typed stays");
});

test("R34: a followed result tells which and where, and the page can keep the reader", async () => {
  const page = await world.openFixture({}, "?q=housing&page=2");
  await settled(page);
  await listen(page);
  const url = page.url();
  await page.evaluate(() => {
    document.addEventListener("speir-select", (event) => event.preventDefault());
  });
  await page.locator(".speir-title a").nth(1).click();
  await page.waitForTimeout(200);
  assert.equal(page.url(), url);
  const [{ detail, cancelable }] = await heard(page, "speir-select");
  assert.ok(cancelable);
  const { ms, ...rest } = detail;
  assert.deepEqual(rest, { total: 15, page: 2, filters: [], notices: [], id: "r23", position: 12 });
  assert.doesNotMatch(JSON.stringify(detail), /housing/);
});

test("R34: a link to a section counts as its record's", async () => {
  const page = await world.openFixture({
    extra: () => {
      const { fakeSearch } = window;
      window.fakeSearch = async (...asked) => {
        const answer = await fakeSearch(...asked);
        for (const hit of answer.hits) {
          // One that leads nowhere has its place all the same.
          if (hit.id === "r1") hit.url = null;
          hit.sections = [{ heading: "Part", number: null, anchor: "p", url: `${hit.url}#p`, excerpt: [] }];
        }
        return answer;
      };
    },
  });
  await search(page, "housing");
  await listen(page);
  await page.evaluate(() => document.addEventListener("click", (event) => event.preventDefault()));
  await page.locator(".speir-sections a").nth(2).click();
  const told = await heard(page, "speir-select");
  assert.deepEqual(told.map(({ detail }) => [detail.id, detail.position]), [["r5", 3]]);
});

test("R34: a failure tells its code", async () => {
  const page = await world.openFixture();
  await listen(page);
  await page.evaluate(() => {
    window.fakeSearch = () => Promise.reject(Object.assign(new Error("secret"), { code: "network" }));
  });
  await page.fill(BOX, "secret");
  await page.press(BOX, "Enter");
  await page.waitForFunction(() => window.heard.some(({ name }) => name === "speir-error"));
  assert.deepEqual((await heard(page, "speir-error"))[0].detail, { code: "network" });
});

test('R34: with analytics="query" results and choices tell the words, without what says who somebody is', async () => {
  const page = await world.openFixture({ attributes: 'analytics="query"' }, "?q=record+jo@example.org+G2+1DU+5.2.3");
  await page.waitForFunction(() => window.asked.length > 0);
  await settled(page);
  await listen(page);
  await search(page, "record 07700 900123");
  await search(page, "housing");
  const told = await heard(page, "speir-results");
  assert.deepEqual(told.map(({ detail }) => detail.query), ["record [phone]", "housing"]);
  await page.evaluate(() => document.addEventListener("speir-select", (event) => event.preventDefault()));
  await page.locator(".speir-title a").first().click();
  assert.equal((await heard(page, "speir-select"))[0].detail.query, "housing");
  assert.equal((await heard(page, "speir-before-search"))[0].detail.query, undefined);

  const other = await world.openFixture({ attributes: 'analytics="on"' });
  await listen(other);
  await search(other, "housing");
  assert.equal((await heard(other, "speir-results"))[0].detail.query, undefined, "only where exactly that is asked for");
});

test("R34: the query of an address is told redacted, too, though the file comes with it", async () => {
  world.site.rule(/speir-extras\.js$/, { delay_ms: 400 });
  const page = await world.newPage();
  await page.addInitScript(() => {
    window.told = [];
    document.addEventListener("speir-results", ({ detail }) => window.told.push(detail.query));
  });
  const { fixture } = await import("./support/browser.mjs");
  world.site.add("/fixture.html", fixture({ attributes: 'analytics="query"' }));
  await page.goto(`${world.site.url}fixture.html?q=housing+jo@example.org`);
  await settled(page);
  assert.deepEqual(await page.evaluate(() => window.told), ["housing [email]"]);
});

test("search(state) asks as a reader would, and says when it is done", async () => {
  const page = await world.openFixture();
  const state = await page.evaluate(async () => {
    const element = document.querySelector("speir-search");
    await element.search({ text: " housing  ", filters: { type: ["report"] }, sort: "title" });
    return { ...element.state, shown: document.querySelector(".speir-heading").textContent };
  });
  assert.deepEqual(state, {
    asked: true,
    text: "housing",
    filters: { type: ["report"] },
    from: "",
    to: "",
    sort: "title",
    page: 1,
    shown: "7 resources for ‘housing’",
  });
  assert.equal(new URL(page.url()).search, "?q=housing&type=report&sort=title");
  assert.equal(await page.inputValue(BOX), "housing");
  assert.ok(await option(page, "Type", "report").isChecked());
  await page.goBack();
  await page.waitForFunction(() => !location.search);
  assert.equal((await page.evaluate(() => document.querySelector("speir-search").state)).asked, false);
});

test("state is plain data: what was read can be set again, and what makes no sense is passed over", async () => {
  const page = await world.openFixture();
  const kept = await page.evaluate(async () => {
    const element = document.querySelector("speir-search");
    await element.search({ text: "record", filters: { type: ["report", null] }, from: "2013", page: 2 });
    return JSON.parse(JSON.stringify(element.state));
  });
  const before = await titles(page);
  await search(page, "housing");
  await page.evaluate((kept) => (document.querySelector("speir-search").state = kept), kept);
  await page.waitForFunction(() => document.querySelector(".speir-heading").textContent.includes("‘record’"));
  await settled(page);
  assert.deepEqual(await titles(page), before);
  const cleaned = await page.evaluate(async () => {
    const element = document.querySelector("speir-search");
    await element.search({ text: "a\nb", filters: { type: "report", unknown: ["x"] }, from: 2014, to: 2012, page: -3, sort: "worst" });
    return element.state;
  });
  assert.deepEqual(cleaned, { asked: true, text: "a b", filters: { type: ["report"] }, from: "", to: "", sort: "relevance", page: 1 });
  assert.deepEqual(page.faults, []);
});

test("what a script asks for before the page is there is asked once it is", async () => {
  const page = await world.newPage();
  const { fixture } = await import("./support/browser.mjs");
  const html = fixture().replace("<script type=\"module\"", '<script type="module" src="/fixture/early.js"></script><script type="module"');
  world.site.add("/fixture.html", html);
  world.site.add(
    "/fixture/early.js",
    `import "/search/speir-widget.js";
     const element = document.createElement("speir-search");
     element.source = { search: async () => ({ total: 3, hits: [], facets: {}, notices: [] }) };
     window.done = element.search({ text: "early" }).then(() => "done");
     document.querySelector("main").append(element);`,
  );
  await page.goto(`${world.site.url}fixture.html`);
  assert.equal(await page.evaluate(() => window.done), "done");
  assert.ok(await page.getByText("3 resources for ‘early’").first().isVisible());
});

test("properties are attributes, and the other way round", async () => {
  const page = await world.openFixture({ body: "" });
  const read = await page.evaluate(() => {
    const element = document.createElement("speir-search");
    const empty = [element.src, element.pageSize, element.live];
    Object.assign(element, { src: "/search/", facets: "type", pageSize: 5, headingLevel: "4", suggestions: true, live: false });
    element.setAttribute("sync-url", "none");
    element.paramPrefix = "a-";
    element.paramPrefix = null;
    return { empty, html: element.cloneNode(false).outerHTML, syncUrl: element.syncUrl, suggestions: element.suggestions };
  });
  assert.deepEqual(read, {
    empty: [null, null, null],
    html: '<speir-search src="/search/" facets="type" page-size="5" heading-level="4" suggestions="" sync-url="none"></speir-search>',
    syncUrl: "none",
    suggestions: "",
  });
});

test("what a page sets before the element is defined counts", async () => {
  const page = await world.openFixture({
    extra: () => {
      const element = document.querySelector("speir-search");
      element.pageSize = 5;
      element.state = { text: "housing" };
    },
  });
  await settled(page);
  assert.equal(await heading(page), "15 resources for ‘housing’");
  assert.equal((await titles(page)).length, 5);
});

test("an opened index can be the element's source", async () => {
  const page = await world.openFixture({ body: `<speir-search data-real><form><label for="q">Search</label><input id="q" name="q" type="search"><button>Go</button></form></speir-search>` });
  await page.evaluate(async () => {
    const { open } = await import("/search/speir.js");
    document.querySelector("speir-search").source = await open("/search/");
  });
  await search(page, "integration");
  assert.match(await heading(page), /^\d+ resources for ‘integration’$/);
});
