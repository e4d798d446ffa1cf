// The filters: labels, counts, order, focus, ranges, and the panel on narrow pages.

import assert from "node:assert/strict";
import { test } from "node:test";
import { axe, BOX, heading, option, options, search, setUp, settled, titles } from "./support/browser.mjs";

const world = setUp();

const apply = async (page) => {
  await page.getByRole("button", { name: "Apply filters" }).click();
  await settled(page);
};

test("35: each facet is a fieldset with a legend, each value a checkbox with its count", async () => {
  const page = await world.openFixture();
  await search(page, "");
  assert.deepEqual(await page.locator("legend:visible").allInnerTexts(), ["Type", "Organisation", "Year"]);
  assert.deepEqual(await options(page, "Type"), [
    "report (14)",
    "toolkit (9)",
    "briefing (5)",
    "Not stated (2)",
  ]);
  const report = page.getByRole("checkbox", { name: "report (14)" });
  const { height } = await report.locator("xpath=ancestor::label").boundingBox();
  assert.ok(height >= 24, `${height}`);
});

test("38: ticking waits for Apply; then words and filters go together into one address", async () => {
  const page = await world.openFixture();
  await search(page, "housing");
  await option(page, "Type", "report").check();
  await option(page, "Type", "briefing").check();
  await page.waitForTimeout(300);
  assert.equal(await heading(page), "15 resources for ‘housing’");
  await apply(page);
  assert.equal(await heading(page), "10 resources for ‘housing’");
  assert.equal(new URL(page.url()).search, "?q=housing&type=report&type=briefing");
  assert.deepEqual(await page.evaluate(() => window.asked.at(-1).filters), { type: ["report", "briefing"] });
});

test("36: counts of a facet are not reduced by its own ticks, and a value that falls to 0 stays in place", async () => {
  const page = await world.openFixture();
  await search(page, "");
  const before = await options(page, "Organisation");
  await option(page, "Type", "briefing").check();
  await apply(page);
  assert.deepEqual(await options(page, "Type"), [
    "report (14)",
    "toolkit (9)",
    "briefing (5)",
    "Not stated (2)",
  ]);
  const after = await options(page, "Organisation");
  assert.deepEqual(
    after.map((text) => text.replace(/ \(.*/, "")),
    before.map((text) => text.replace(/ \(.*/, "")),
  );
  assert.ok(after.includes("Org E (0)"));
  assert.ok(await option(page, "Organisation", "Org E").isDisabled());
});

test('40: "Not stated" finds the records without a value', async () => {
  const page = await world.openFixture();
  await search(page, "");
  await option(page, "Type", "Not stated").check();
  await apply(page);
  assert.equal(await heading(page), "2 resources");
  assert.equal(new URL(page.url()).search, "?type=_none");
  assert.deepEqual(await page.evaluate(() => window.asked.at(-1).filters), { type: [null] });
  await page.reload();
  await settled(page);
  assert.equal(await heading(page), "2 resources");
  assert.ok(await option(page, "Type", "Not stated").isChecked());
});

for (const how of ["apply", "instant"]) {
  test(`37: with filters=${how} a tick keeps order, nodes, focus and place on the screen`, async () => {
    const page = await world.openFixture({ attributes: `filters="${how}"` });
    await search(page, "");
    const look = () =>
      page.evaluate(() => {
        const inputs = [...document.querySelectorAll("fieldset input")];
        window.nodes ??= inputs;
        return {
          values: inputs.map((input) => input.value),
          same: inputs.every((input, at) => input === window.nodes[at]),
        };
      });
    const before = await look();
    const box = option(page, "Type", "briefing");
    await box.focus();
    const { y } = await box.boundingBox();
    await page.keyboard.press("Space");
    if (how === "apply") await page.keyboard.press("Enter");
    await settled(page);
    assert.equal(await heading(page), "5 resources");
    assert.deepEqual(await look(), { ...before, same: true });
    assert.ok(await box.evaluate((node) => node === document.activeElement), "focus stays on the same node");
    assert.ok(Math.abs((await box.boundingBox()).y - y) <= 1);
    await page.keyboard.press("Space");
    if (how === "apply") await page.keyboard.press("Enter");
    await settled(page);
    assert.equal(await heading(page), "30 resources");
    assert.ok((await look()).same);
  });
}

test('38: filters="instant" has no Apply button and applies at once', async () => {
  const page = await world.openFixture({ attributes: 'filters="instant"' });
  await search(page, "");
  assert.equal(await page.getByRole("button", { name: "Apply filters" }).count(), 0);
  await option(page, "Type", "toolkit").click();
  await settled(page);
  assert.equal(await heading(page), "9 resources");
  await page.getByLabel("From", { exact: true }).selectOption("2020");
  await settled(page);
  assert.equal(await heading(page), "2 resources");
});

test("37: a new question may change the order; ticked values stay", async () => {
  const page = await world.openFixture();
  await search(page, "health");
  assert.equal((await options(page, "Type"))[0], "report (7)");
  await option(page, "Type", "briefing").check();
  await page.evaluate(() => (window.records = window.records.slice(14)));
  await search(page, "housing");
  assert.deepEqual(await options(page, "Type"), ["toolkit (4)", "briefing (3)", "Not stated (1)"]);
  assert.ok(await option(page, "Type", "briefing").isChecked());
});

test("39: more than eight values: a button shows all; more than twenty: a field finds one", async () => {
  const page = await world.openFixture();
  await search(page, "");
  assert.equal((await options(page, "Organisation")).length, 8);
  const more = page.getByRole("button", { name: "Show all 27, Organisation" });
  assert.equal(await more.getAttribute("aria-expanded"), "false");
  await more.click();
  assert.equal((await options(page, "Organisation")).length, 27);
  assert.equal(await page.getByRole("button", { name: "Show fewer" }).getAttribute("aria-expanded"), "true");
  await page.getByRole("button", { name: "Show fewer" }).click();

  await page.getByLabel("Find in Organisation").fill("org Z");
  assert.deepEqual(await options(page, "Organisation"), ["Org Z (1)"]);
  await page.keyboard.press("Enter");
  await page.waitForTimeout(200);
  assert.equal(await page.evaluate(() => window.asked.length), 1, "Enter in the field must not apply");
  await option(page, "Organisation", "Org Z").check();
  await page.getByLabel("Find in Organisation").fill("");
  assert.ok((await options(page, "Organisation")).includes("Org Z (1)"), "a ticked value stays in sight");
  assert.equal(await page.getByRole("search").count(), 1);
});

test('40, R16: years are two selects and no slider, both ends included, and "Not stated" beside them', async () => {
  const page = await world.openFixture();
  await search(page, "");
  assert.deepEqual(
    (await page.getByLabel("From", { exact: true }).locator("option").allInnerTexts()).slice(0, 3),
    ["Any", "2012", "2013"],
  );
  assert.equal(await page.locator("input[type=range], [role=slider]").count(), 0);
  await page.getByLabel("From", { exact: true }).selectOption("2014");
  await page.getByLabel("To", { exact: true }).selectOption("2015");
  await apply(page);
  assert.equal(await heading(page), "6 resources");
  assert.equal(new URL(page.url()).search, "?from=2014&to=2015");
  assert.deepEqual(await page.evaluate(() => window.asked.at(-1).filters), {
    year: [{ from: "2014", to: "2015" }],
  });
  assert.equal(await page.getByRole("link", { name: "Remove Year: 2014 to 2015" }).count(), 1);
  await option(page, "Year", "Not stated").check();
  await apply(page);
  assert.equal(await heading(page), "8 resources");
});

test("40, R20: a range the wrong way round gets a message, focus on it, and changes nothing", async () => {
  const page = await world.openFixture();
  await search(page, "");
  await page.getByLabel("From", { exact: true }).selectOption("2018");
  await page.getByLabel("To", { exact: true }).selectOption("2013");
  await page.getByRole("button", { name: "Apply filters" }).click();
  const summary = page.getByRole("alert");
  assert.match(
    await summary.innerText(),
    /There is a problem\s+Year: ‘From’ must be the same as or before ‘To’/,
  );
  assert.ok(await summary.evaluate((node) => node === document.activeElement));
  assert.match(await page.title(), /^Error: /);
  assert.equal(await heading(page), "30 resources");
  assert.equal(new URL(page.url()).search, "?q=");
  assert.equal(await page.getByLabel("From", { exact: true }).getAttribute("aria-invalid"), "true");
  assert.deepEqual(await axe(page), []);
  await summary.getByRole("link").click();
  assert.ok(
    await page.getByLabel("From", { exact: true }).evaluate((node) => node === document.activeElement),
  );
  await page.getByLabel("From", { exact: true }).selectOption("2012");
  await apply(page);
  assert.equal(await summary.isVisible(), false);
  assert.doesNotMatch(await page.title(), /^Error: /);
  assert.equal(await heading(page), "6 resources");
});

test("41, 42: on a narrow page a button discloses the panel in the flow, and it stays as it was left", async () => {
  const page = await world.openFixture({}, "?q=&type=report", { viewport: { width: 375, height: 800 } });
  await settled(page);
  const button = page.getByRole("button", { name: "Filter (1)" });
  assert.equal(await button.getAttribute("aria-expanded"), "false");
  assert.equal(await page.getByRole("checkbox", { name: "report" }).isVisible(), false);
  await button.click();
  assert.equal(await button.getAttribute("aria-expanded"), "true");
  await option(page, "Type", "toolkit").check();
  await apply(page);
  assert.ok(await page.getByRole("checkbox", { name: "toolkit" }).isVisible());
  assert.equal(await page.getByRole("button", { name: "Filter (2)" }).getAttribute("aria-expanded"), "true");
  await page.keyboard.press("Escape");
  assert.ok(await page.getByRole("checkbox", { name: "toolkit" }).isVisible());
  assert.deepEqual(await axe(page), []);
});

test("41, R11: on a wide page the panel is a column, with a way past it", async () => {
  const page = await world.openFixture();
  await search(page, "");
  assert.equal(await page.locator(".speir-disclose").isVisible(), false);
  const [panel, results] = [
    await page.locator(".speir-filters").boundingBox(),
    await page.locator(".speir-main").boundingBox(),
  ];
  assert.ok(panel.x + panel.width <= results.x);
  await page.getByRole("link", { name: "Skip to results" }).focus();
  await page.keyboard.press("Enter");
  assert.ok(await page.locator(".speir-heading").evaluate((node) => node === document.activeElement));
  assert.equal(new URL(page.url()).hash, "");
});

test("43: filters in force are links; after removing one focus goes to the next, else to the heading", async () => {
  const page = await world.openFixture({}, "?q=&type=report&type=toolkit&from=2013");
  await settled(page);
  const focused = () => page.evaluate(() => document.activeElement.innerText.replace(/\s+/g, " "));
  const remove = page.getByRole("link", { name: "Remove Type: report" });
  assert.equal(await remove.getAttribute("href"), "/fixture.html?type=toolkit&from=2013");
  await remove.click();
  await settled(page);
  assert.match(await focused(), /^Remove Type: toolkit/);
  assert.equal(await page.getByRole("checkbox", { name: "report" }).isChecked(), false);
  await page.keyboard.press("Enter");
  await settled(page);
  assert.match(await focused(), /^Remove Year: from 2013/);
  await page.keyboard.press("Enter");
  await settled(page);
  assert.equal(await focused(), "30 resources");
  assert.equal(await page.getByLabel("From", { exact: true }).inputValue(), "");
});

test('43: "Clear all filters" keeps the words', async () => {
  const page = await world.openFixture({}, "?q=housing&type=report&year=2013");
  await settled(page);
  await page.getByRole("link", { name: "Clear all filters" }).click();
  await settled(page);
  assert.equal(await heading(page), "15 resources for ‘housing’");
  assert.equal(new URL(page.url()).search, "?q=housing");
});

test("21: ticks not yet applied survive a change of page and of order", async () => {
  const page = await world.openFixture();
  await search(page, "");
  await option(page, "Type", "report").check();
  await page.getByRole("link", { name: "Next" }).click();
  await settled(page);
  assert.ok(await option(page, "Type", "report").isChecked());
  assert.equal(await heading(page), "30 resources");
  await page.getByLabel("Sort by").selectOption("newest");
  await settled(page);
  assert.equal(await heading(page), "14 resources", "the order applies what the controls show");
});

test("35: other facets can be asked for, and their names are the author's to set", async () => {
  const list =
    '<script type="application/json" data-speir="strings">{"field.kind": "Kind of paper", "count": {"one": "{n} paper", "other": "{n} papers"}}</script>';
  const page = await world.openFixture({ attributes: 'facets="kind" meta="kind"', list });
  await page.evaluate(() => window.records.forEach((record) => (record.fields = { kind: "minutes" })));
  await search(page, "");
  assert.equal(await heading(page), "30 papers");
  assert.deepEqual(await page.locator("legend:visible").allInnerTexts(), ["Kind of paper"]);
  assert.deepEqual(await options(page, "Kind of paper"), ["minutes (30)"]);
  assert.equal((await titles(page)).length, 10);
  assert.equal(await page.inputValue(BOX), "");
});

test("R19: focus and a tick lead nowhere, change no address and take no focus away", async () => {
  const page = await world.openFixture({}, "?q=record");
  await settled(page);
  const address = page.url();
  const controls = page.locator(".speir-area :is(input, select, button, a):visible");
  const n = await controls.count();
  assert.ok(n > 20);
  for (let at = 0; at < n; at += 1) {
    const control = controls.nth(at);
    await control.focus();
    const kind = await control.evaluate((node) => node.type);
    if (kind === "checkbox") await page.keyboard.press("Space");
    assert.ok(await control.evaluate((node) => node === document.activeElement), `control ${at}`);
    assert.equal(page.url(), address, `control ${at}`);
  }
  assert.equal(await page.evaluate(() => window.asked.length), 1);
  assert.deepEqual(page.faults, []);
});
