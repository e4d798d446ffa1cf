// The address: what a reader keeps, shares, reloads and comes back to.

import assert from "node:assert/strict";
import { test } from "node:test";
import { BOX, fixture, FORM, heading, option, search, setUp, settled, titles } from "./support/browser.mjs";

const world = setUp();
const query = (page) => new URL(page.url()).search;

test("52: Back and Forward restore words, filters, page and results, and at last the page as it was", async () => {
  const page = await world.openFixture({ list: "<p>The author's list</p>" });
  await search(page, "housing");
  await option(page, "Type", "report").check();
  await page.getByRole("button", { name: "Apply filters" }).click();
  await settled(page);
  await search(page, "");
  await page.getByRole("link", { name: "Next" }).click();
  await settled(page);
  assert.equal(await heading(page), "14 resources");
  const last = await titles(page);

  await page.goBack();
  await page.goBack();
  await settled(page);
  assert.equal(query(page), "?q=housing&type=report");
  assert.equal(await heading(page), "7 resources for ‘housing’");
  assert.equal(await page.inputValue(BOX), "housing");
  assert.ok(await option(page, "Type", "report").isChecked());
  await page.goBack();
  await settled(page);
  assert.equal(await heading(page), "15 resources for ‘housing’");
  assert.equal(await option(page, "Type", "report").isChecked(), false);
  await page.goBack();
  await page.getByText("The author's list").waitFor();
  assert.equal(await page.locator(".speir-area").isVisible(), false);
  assert.equal(await page.inputValue(BOX), "");
  assert.equal(await page.title(), "Resources – Example");
  for (let step = 0; step < 4; step += 1) await page.goForward();
  await settled(page);
  assert.deepEqual(await titles(page), last);
});

test("52: the place on the page comes back with Back", async () => {
  const page = await world.openFixture();
  await search(page, "");
  await page.getByRole("link", { name: "Next" }).scrollIntoViewIfNeeded();
  const before = await page.evaluate(() => window.scrollY);
  assert.ok(before > 100);
  await page.getByRole("link", { name: "Next" }).click();
  await settled(page);
  await page.evaluate(() => window.scrollTo(0, 0));
  await page.goBack();
  await settled(page);
  await page.waitForFunction((y) => Math.abs(window.scrollY - y) < 40, before);
});

test("52: a reload gives the same page", async () => {
  const page = await world.openFixture(
    {},
    "?q=housing&type=report&organisations=Council&from=2013&to=2018&sort=title&page=1",
  );
  await settled(page);
  const shot = () => page.evaluate(() => document.querySelector("speir-search").textContent);
  const before = await shot();
  await page.reload();
  await settled(page);
  assert.equal(await shot(), before);
  assert.match(before, /Remove Organisation: Council/);
});

test("54: a shared address shows what the sender saw", async () => {
  const page = await world.openFixture();
  await search(page, "housing");
  await option(page, "Type", "report").check();
  await option(page, "Type", "toolkit").check();
  await page.getByRole("button", { name: "Apply filters" }).click();
  await settled(page);
  await page.getByRole("link", { name: "Next" }).click();
  await settled(page);
  const [address, seen] = [page.url(), await titles(page)];
  assert.equal(new URL(address).search, "?q=housing&type=report&type=toolkit&page=2");
  const other = await world.newPage();
  await other.goto(address);
  await settled(other);
  assert.deepEqual(await titles(other), seen);
});

test("51: parameters of others stay; defaults are left out", async () => {
  const page = await world.openFixture(
    {},
    "?utm_source=letter&q=housing&cms=a%20b&sort=relevance&page=1&type=report",
  );
  await settled(page);
  await page.getByRole("link", { name: "Clear all filters" }).click();
  await settled(page);
  assert.equal(query(page), "?utm_source=letter&cms=a+b&q=housing");
});

for (const [what, wanted] of [
  ["q=&page=0", "30 resources"],
  ["q=&page=-3", "30 resources"],
  ["q=&page=banana", "30 resources"],
  ["page=99", "30 resources"],
  ["q=&sort=banana", "30 resources"],
  ["q=&from=banana&to=", "30 resources"],
  ["q=&from=2018&to=2012", "30 resources"],
  ["year=2013", "3 resources"],
  ["q=housing&type=&organisations=", "15 resources for ‘housing’"],
]) {
  test(`54: ?${what} is read as far as it makes sense`, async () => {
    const page = await world.openFixture({}, `?${what}`);
    await settled(page);
    assert.equal(await heading(page), wanted);
    assert.deepEqual(page.faults, []);
    assert.ok((await titles(page)).length > 0);
  });
}

test("54: a value that no record has is left out, said so, and taken from the address", async () => {
  const extra = () => {
    const search = window.fakeSearch;
    window.fakeSearch = async (text, options) => {
      const answer = await search(text, options);
      if (options.filters.type?.includes("leaflet")) {
        answer.notices.push({ kind: "unknown-value", field: "type", value: "leaflet" });
      }
      return answer;
    };
  };
  const page = await world.openFixture({ extra }, "?q=housing&type=leaflet");
  await page.getByText("There is no Type ‘leaflet’, so that filter was left out.").waitFor();
  assert.equal(await heading(page), "15 resources for ‘housing’");
  assert.equal(query(page), "?q=housing");
});

test("53: Back from a result leads to the same results, with focus on the link that was followed", async () => {
  const page = await world.openFixture();
  await search(page, "housing");
  const link = page.locator(".speir-title a").nth(6);
  const name = await link.innerText();
  await link.click();
  await page.waitForURL(/record\.html/);
  await page.goBack();
  await settled(page);
  await page.waitForFunction((name) => document.activeElement?.textContent === name, name);
  assert.equal(await heading(page), "15 resources for ‘housing’");
});

test('55: sync-url="none" touches neither address, history nor title', async () => {
  const page = await world.openFixture({ attributes: 'sync-url="none"' }, "?q=health");
  assert.equal(await page.locator(".speir-area").isVisible(), false);
  const before = await page.evaluate(() => history.length);
  await search(page, "housing");
  await page.getByRole("link", { name: "Next" }).click();
  await settled(page);
  assert.equal(query(page), "?q=health");
  assert.equal(await page.evaluate(() => history.length), before);
  assert.equal(await page.evaluate(() => history.state), null);
  assert.equal(await page.title(), "Resources – Example");
});

test("12, 56, R12: the title says what was searched and which page this is", async () => {
  const page = await world.openFixture();
  await page.locator(BOX).pressSequentially("hous");
  assert.equal(await page.title(), "Resources – Example");
  await search(page, "housing");
  assert.equal(await page.title(), "housing – Resources – Example");
  await page.getByRole("link", { name: "Next" }).click();
  await settled(page);
  assert.equal(await page.title(), "housing (page 2) – Resources – Example");
});

test("60: two searches on a page share neither ids, parameters nor announcements", async () => {
  const form = (name, label) =>
    `<form role="search" aria-label="${label}"><label for="${name}">${label}</label><input id="${name}" name="${name}" type="search"><button>Search</button></form>`;
  const body = `<speir-search id="one">${form("q", "Papers")}</speir-search><speir-search id="two" param-prefix="b-">${form("b-q", "People")}</speir-search>`;
  const page = await world.openFixture({ body });
  for (const [id, text] of [
    ["one", "housing"],
    ["two", "health"],
  ]) {
    await page.fill(`#${id} input[type=search]`, text);
    await page.press(`#${id} input[type=search]`, "Enter");
    await page.locator(`#${id} .speir-heading`).waitFor();
  }
  assert.equal(query(page), "?q=housing&b-q=health");
  await page.locator("#two").getByRole("checkbox", { name: "report" }).check();
  await page.locator("#two").getByRole("button", { name: "Apply filters" }).click();
  await page.locator("#two").getByText("7 resources").waitFor();
  assert.equal(query(page), "?q=housing&b-q=health&b-type=report");
  assert.equal(await page.locator("#one .speir-heading").innerText(), "15 resources for ‘housing’");
  const ids = await page.evaluate(() => [...document.querySelectorAll("[id]")].map((node) => node.id));
  assert.equal(new Set(ids).size, ids.length);
  await page.waitForFunction(() => /health/.test(document.querySelector("#two [role=status]").textContent));
  assert.doesNotMatch(await page.locator("#one [role=status]").textContent(), /health/);
});

test("60: an element taken from the page listens to nothing any more, and works again when put back", async () => {
  const page = await world.openFixture();
  await search(page, "housing");
  await page.evaluate(() => {
    window.element = document.querySelector("speir-search");
    window.element.remove();
    history.back();
  });
  await page.waitForTimeout(300);
  assert.equal(await page.evaluate(() => window.asked.length), 1);
  await page.evaluate(() => document.querySelector("main").append(window.element));
  await search(page, "health");
  assert.equal(await heading(page), "15 resources for ‘health’");
  assert.equal(await page.locator("[role=status]").count(), 1);
  await page.getByRole("button", { name: "Clear search" }).click();
  assert.equal(await page.inputValue(BOX), "");
});

test("57: a change of `lang` says everything again and keeps what was asked, ticked and focused", async () => {
  const page = await world.openFixture();
  await page.evaluate(async () => {
    const { addStrings } = customElements.get("speir-search");
    addStrings("xx", {
      count: { other: "{n} xx" },
      "facets.apply": "xx-apply",
      "field.type": "xx-type",
      "sort.label": "xx-sort",
      "facets.missing": "xx-none",
    });
  });
  await search(page, "housing");
  await option(page, "Type", "report").check();
  await option(page, "Type", "toolkit").focus();
  await page.evaluate(() => document.querySelector("speir-search").setAttribute("lang", "xx"));
  await page.getByRole("button", { name: "xx-apply" }).waitFor();
  assert.equal(await heading(page), "15 xx for ‘housing’");
  assert.ok(await option(page, "xx-type", "report").isChecked());
  assert.ok(await option(page, "xx-type", "toolkit").evaluate((node) => node === document.activeElement));
  assert.equal(await option(page, "xx-type", "xx-none").count(), 1);
  assert.equal(await page.getByLabel("xx-sort").count(), 1);
});

test("58, R27: a link to the page in another language carries words, filters and page", async () => {
  const list = '<a data-speir-lang hreflang="cy" href="/cy/adnoddau.html?ffynhonnell=pen">Cymraeg</a>';
  const page = await world.openFixture({ list, attributes: 'facets="type"' }, "?q=housing");
  await settled(page);
  const href = () =>
    page
      .locator("a[data-speir-lang]")
      .getAttribute("href")
      .then((text) => text.replace(world.site.url, "/"));
  assert.equal(await href(), "/cy/adnoddau.html?ffynhonnell=pen&q=housing");
  await option(page, "Type", "report").check();
  await page.getByRole("button", { name: "Apply filters" }).click();
  await settled(page);
  assert.equal(await href(), "/cy/adnoddau.html?ffynhonnell=pen&q=housing&type=report");
  await page.goBack();
  await settled(page);
  assert.equal(await href(), "/cy/adnoddau.html?ffynhonnell=pen&q=housing");
});

test("R21: what was entered is still there after a search, after Back, after a reload and in the other language", async () => {
  const cy = fixture({ lang: "cy" });
  world.site.add("/cy.html", cy);
  const form = `<p><a data-speir-lang hreflang="cy" href="/cy.html">Cymraeg</a></p>${FORM}`;
  const page = await world.openFixture({ form }, "?q=record&type=report&from=2013");
  const entered = async (what) => {
    await settled(page);
    assert.deepEqual(
      await page.evaluate(() => [
        document.querySelector("input[type=search]").value,
        [...document.querySelectorAll(".speir-option input:checked")].map((input) => input.value),
        document.querySelector("select[name=from]").value,
      ]),
      ["record", ["report"], "2013"],
      what,
    );
  };
  await entered("after the search");
  await page.locator(".speir-pager a[rel=next]").click();
  await entered("on the second page");
  await page.goBack();
  await entered("after Back");
  await page.reload();
  await entered("after a reload");
  await page.getByRole("link", { name: "Cymraeg" }).click();
  await page.waitForURL(/cy\.html/);
  await entered("in Welsh");
});
