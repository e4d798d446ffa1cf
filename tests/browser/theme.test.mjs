// Themes: classes of a design system on what the element makes, and on nothing of the author's.

import assert from "node:assert/strict";
import { test } from "node:test";
import { BOX, fixture, FORM, option, search, setUp, settled } from "./support/browser.mjs";

const world = setUp();

/** Pages of the theme's file, by the names of files that were asked for. */
const fetched = (page) => page.requests.map((url) => url.split("/").pop()).filter((name) => name.startsWith("speir-t"));

for (const [theme, prefix] of [
  ["govuk", "govuk"],
  ["nhs", "nhsuk"],
]) {
  test(`theme="${theme}": buttons, checkboxes, headings, tags and selects have its classes`, async () => {
    const page = await world.openFixture({ attributes: `theme="${theme}"` }, "?q=housing&type=report");
    await settled(page);
    const has = async (selector, name) => {
      const names = await page.locator(selector).first().getAttribute("class");
      assert.ok(names?.split(" ").includes(`${prefix}-${name}`), `${selector}: ${names}`);
    };
    await has(".speir-filters [type=submit]", "button");
    await has(".speir-options", "checkboxes--small");
    await has(".speir-option", "checkboxes__item");
    await has(".speir-option input", "checkboxes__input");
    await has(".speir-option input + span", "checkboxes__label");
    await has(".speir-filters legend", "fieldset__legend--s");
    await has(".speir-heading", "heading-m");
    await has(".speir-title", "heading-s");
    await has(".speir-field-type dd", "tag");
    await has(".speir-range select", "select");
    await has(".speir-excerpt", "body");
    assert.deepEqual(page.violations, []);
    assert.deepEqual(page.faults, []);
  });

  test(`theme="${theme}": what comes later has them too: a second answer, a wrong range and no results`, async () => {
    const page = await world.openFixture({ attributes: `theme="${theme}"` }, "?q=housing");
    await settled(page);
    await page.getByLabel("From").selectOption("2019");
    await page.getByLabel("To", { exact: true }).selectOption("2013");
    await page.getByRole("button", { name: "Apply filters" }).click();
    const summary = page.locator(`.${prefix}-error-summary`);
    await summary.waitFor();
    assert.equal(await summary.locator(`h3.${prefix}-error-summary__title`).count(), 1);
    assert.equal(await page.locator(`.speir-range .${prefix}-select--error`).count(), 2);
    await page.getByLabel("To", { exact: true }).selectOption("2021");
    await page.getByRole("button", { name: "Apply filters" }).click();
    await settled(page);
    assert.equal(await page.locator(`.${prefix}-select--error`).count(), 0);
    await search(page, "xyzzyqwert");
    assert.equal(await page.locator(`.speir-nothing ul.${prefix}-list--bullet`).count(), 1);
  });
}

test("the author's own form, and what stands in it, keeps its classes and gets none", async () => {
  const form = FORM.replace("<button ", '<button class="mine" ').replace("<label ", '<label class="theirs" ');
  const page = await world.openFixture({ attributes: 'theme="govuk"', form }, "?q=housing");
  await settled(page);
  const names = await page.locator("speir-search form[action] *:not([class*=speir-])").evaluateAll((nodes) =>
    nodes.map((node) => node.className),
  );
  assert.deepEqual(names, ["theirs", "", "mine"]);
});

test("a checkbox of a theme is ticked by its text, and by the keyboard", async () => {
  const page = await world.openFixture({ attributes: 'theme="govuk"' }, "?q=housing");
  await settled(page);
  const box = option(page, "Type", "report");
  await page.locator(".govuk-checkboxes__label", { hasText: "report" }).click();
  assert.equal(await box.isChecked(), true);
  await box.focus();
  await page.keyboard.press("Space");
  assert.equal(await box.isChecked(), false);
});

test("a page's own classes come on top of a theme, or alone", async () => {
  const list = `<script type="application/json" data-speir="classes">
    {".speir-title": "card__title  strong", ".speir-button": "btn", "][": "x", ".speir-count": 7}</script>`;
  for (const [theme, also] of [
    ["own", []],
    ["govuk", ["govuk-heading-s", "govuk-button"]],
  ]) {
    const page = await world.openFixture({ attributes: `theme="${theme}"`, list }, "?q=housing");
    await settled(page);
    for (const name of ["card__title", "strong", "btn", ...also]) {
      assert.ok((await page.locator(`.speir-area .${name}`).count()) >= 1, `${theme}: ${name}`);
    }
    assert.deepEqual(page.faults, []);
  }
});

test("a theme that is unknown, a table that is no JSON and a file that does not come leave a search", async () => {
  const slip = `<script type="application/json" data-speir="classes">{"a": </script>`;
  for (const parts of [{ attributes: 'theme="nosuch"' }, { attributes: 'theme="own"', list: slip }]) {
    const page = await world.openFixture(parts, "?q=housing");
    await settled(page);
    assert.ok(await page.locator(".speir-title a").first().isVisible());
    assert.deepEqual(page.faults, []);
  }
  world.site.rule(/speir-theme\.js$/, { status: 500 });
  const page = await world.openFixture({ attributes: 'theme="govuk" highlight' }, "?q=housing");
  await settled(page);
  assert.match(await page.locator(".speir-title a").first().getAttribute("href"), /highlight=/);
  assert.equal(await page.locator(".speir-area [class*=govuk]").count(), 0);
});

test("a page without a theme fetches nothing of it, and one with it has it before results are seen", async () => {
  const plain = await world.openFixture({}, "?q=housing");
  await settled(plain);
  assert.deepEqual(fetched(plain), []);
  world.site.rule(/speir-theme\.js$/, { delay_ms: 600 });
  const html = fixture({ attributes: 'theme="govuk"' });
  world.site.add("/fixture.html", html);
  const page = await world.newPage();
  await page.addInitScript(() => {
    window.bare = 0;
    new MutationObserver(() => {
      requestAnimationFrame(() => {
        window.bare += document.querySelectorAll(".speir-title:not(.govuk-heading-s)").length;
      });
    }).observe(document, { childList: true, subtree: true });
  });
  await page.goto(`${world.site.url}fixture.html?q=housing`);
  await settled(page);
  await page.fill(BOX, "");
  await page.press(BOX, "Enter");
  await settled(page);
  await page.locator(".govuk-heading-s").first().waitFor();
  assert.deepEqual(fetched(page), ["speir-theme.js"]);
  assert.equal(await page.evaluate(() => window.bare), 0);
});
