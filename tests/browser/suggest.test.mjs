// Suggestions below the box: the combobox, its keys, and where the list stands.

import assert from "node:assert/strict";
import { test } from "node:test";
import { axe, BOX, FORM, heading, search, setUp, settled, waitForStatus } from "./support/browser.mjs";

const world = setUp();
const LIST = "[role=listbox]";

/** The made-up page with suggestions, and what was typed so far. */
async function typed(text, parts = {}, options = {}) {
  const page = await world.openFixture({ attributes: "suggestions", ...parts }, "", options);
  await page.focus(BOX);
  await page.locator(`${BOX}[role=combobox]`).waitFor();
  await page.keyboard.type(text);
  if (text) await page.locator(`${LIST} [role=option]`).first().waitFor();
  return page;
}

const options = (page) => page.locator(`${LIST} [role=option]`).allTextContents();
const isOpen = (page) => page.locator(LIST).isVisible();

/** The text of the option that the input says is active; null for none. */
const active = (page) =>
  page.evaluate((box) => {
    const id = document.querySelector(box).getAttribute("aria-activedescendant");
    return id === null ? null : (document.getElementById(id)?.textContent ?? "no such option");
  }, BOX);

/** Presses keys one after the other; gives which option was active after each. */
async function walk(page, ...keys) {
  const seen = [];
  for (const key of keys) {
    await page.keyboard.press(key);
    seen.push(await active(page));
  }
  return seen;
}

test("2, 16: without the attribute, and before the first focus, nothing of it is fetched", async () => {
  const asked = (page) => page.requests.filter((url) => /speir-(?:suggest|extras)\.js$/.test(url));
  const plain = await world.openFixture();
  await search(plain, "housing");
  assert.deepEqual(asked(plain), []);
  assert.equal(await plain.locator(BOX).getAttribute("role"), null);
  assert.equal(await plain.locator(BOX).getAttribute("autocomplete"), null);

  const page = await world.openFixture({ attributes: "suggestions" }, "?q=housing");
  await settled(page);
  await page.waitForTimeout(300);
  assert.deepEqual(asked(page).filter((url) => url.endsWith("suggest.js")), []);
  await page.focus(BOX);
  await page.locator(`${BOX}[role=combobox]`).waitFor();
  assert.equal(asked(page).length, 2);
});

test("9, 16, R22: the input is a combobox whose list is there before it is named", async () => {
  const page = await typed("");
  const wiring = await page.locator(BOX).evaluate((input) => ({
    role: input.getAttribute("role"),
    complete: input.getAttribute("aria-autocomplete"),
    expanded: input.getAttribute("aria-expanded"),
    own: input.getAttribute("autocomplete"),
    list: document.getElementById(input.getAttribute("aria-controls"))?.getAttribute("role"),
    label: input.labels[0].textContent,
  }));
  assert.deepEqual(wiring, {
    role: "combobox",
    complete: "list",
    expanded: "false",
    own: "off",
    list: "listbox",
    label: "Search the library",
  });
  await page.keyboard.type("hou");
  await page.locator(`${BOX}[aria-expanded=true]`).waitFor();
  assert.equal(await page.locator(LIST).getAttribute("aria-label"), "Suggestions");
  assert.deepEqual(await axe(page), []);
});

test("17, 20: nothing is active until an arrow is pressed; the first goes to the first option", async () => {
  const page = await typed("rec");
  const all = await options(page);
  assert.equal(all.length, 6);
  assert.equal(await active(page), null);
  assert.equal(await page.locator(BOX).inputValue(), "rec");
  assert.deepEqual(await walk(page, "ArrowDown"), [all[0]]);
  assert.equal(await page.locator(BOX).inputValue(), "rec", "what was typed stays");
  assert.equal(await page.locator("[aria-selected=true]").count(), 1);
  assert.equal(await page.locator("[aria-selected=true]").textContent(), all[0]);
  await page.keyboard.type("o");
  assert.equal(await active(page), null, "a character is typed, and leaves the option");
  assert.equal(await page.locator(BOX).inputValue(), "reco");
  assert.equal(await page.locator("[aria-selected=true]").count(), 0);
});

test("18: the arrows go round through the input", async () => {
  const page = await typed("rec");
  const all = await options(page);
  const down = await walk(page, ...Array(8).fill("ArrowDown"));
  assert.deepEqual(down, [...all, null, all[0]]);
  assert.deepEqual(await walk(page, "ArrowUp", "ArrowUp", "ArrowUp"), [null, all[5], all[4]]);
});

test("18: Home, End and the arrows to the sides edit the text", async () => {
  const page = await typed("rec");
  const [first] = await options(page);
  const at = () => page.locator(BOX).evaluate((input) => input.selectionStart);
  for (const [key, place] of [
    ["Home", 0],
    ["End", 3],
    ["ArrowLeft", 2],
    ["ArrowRight", 3],
  ]) {
    assert.deepEqual(await walk(page, "ArrowDown", key), [first, null], key);
    assert.equal(await at(), place, key);
    assert.ok(await isOpen(page));
  }
});

test("18, R8: Esc closes, a second Esc clears, and focus stays", async () => {
  const page = await typed("rec");
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("Escape");
  assert.equal(await isOpen(page), false);
  assert.equal(await active(page), null);
  assert.equal(await page.locator(BOX).getAttribute("aria-expanded"), "false");
  assert.equal(await page.locator(BOX).inputValue(), "rec");
  await page.keyboard.press("Escape");
  assert.equal(await page.locator(BOX).inputValue(), "");
  assert.ok(await page.locator(BOX).evaluate((input) => input === document.activeElement));
  assert.equal(await page.locator(".speir-clear").isVisible(), false, "the button knows");
});

test("18: Alt+Down opens without moving, Alt+Up closes, Down opens and moves", async () => {
  const page = await typed("rec");
  const [first] = await options(page);
  await page.keyboard.press("Alt+ArrowUp");
  assert.equal(await isOpen(page), false);
  assert.deepEqual(await walk(page, "Alt+ArrowDown"), [null]);
  assert.ok(await isOpen(page));
  await page.keyboard.press("Escape");
  assert.deepEqual(await walk(page, "ArrowDown"), [first]);
  assert.ok(await isOpen(page));
});

test("18: Tab closes, chooses nothing, and goes to the button", async () => {
  const page = await typed("rec");
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("Tab");
  assert.equal(await isOpen(page), false);
  assert.equal(await page.locator(BOX).inputValue(), "rec");
  assert.equal(await page.evaluate(() => document.activeElement.textContent), "Search");
});

test("19: Enter with none searches what was typed; with an active option it fills in and searches that", async () => {
  const page = await typed("record 7");
  await page.keyboard.press("Enter");
  await settled(page);
  assert.equal(await heading(page), "3 resources for ‘record 7’");
  assert.equal(await isOpen(page), false);

  await page.fill(BOX, "record 1");
  await page.locator(`${LIST} [role=option]`).first().waitFor();
  const [, second] = await options(page);
  await walk(page, "ArrowDown", "ArrowDown");
  await page.keyboard.press("Enter");
  await page.waitForFunction(() => /\w+ on \w+’$/.test(document.querySelector(".speir-heading").textContent));
  assert.equal(`${await page.locator(BOX).inputValue()}, Title`, second);
  assert.equal(new URL(page.url()).searchParams.get("q"), second.replace(", Title", ""));
  await page.waitForTimeout(600);
  assert.equal(await isOpen(page), false, "what was filled in is not completed again");
});

test("19: a press on an option searches for it, and focus stays in the input", async () => {
  const page = await typed("org b");
  await page.getByRole("option", { name: "Org B" }).click();
  await settled(page);
  assert.equal(await heading(page), "No resources for ‘Org B’", "the made-up search knows titles alone");
  assert.ok(await page.locator(BOX).evaluate((input) => input === document.activeElement));
  assert.equal(await page.evaluate(() => window.asked[0].text), "Org B");
});

test("20, R22: options hold text alone, whatever a record says", async () => {
  const page = await world.openFixture({
    attributes: "suggestions",
    extra: () => {
      window.fakeSuggest = async () => [
        { text: "<img src=x onerror=alert(1)> & <b>", kind: "title", field: null },
        { text: "Something newer", kind: "a-later-kind", field: null },
        { text: "Site’s own", kind: "value", field: "audience" },
      ];
    },
  });
  await page.focus(BOX);
  await page.keyboard.type("any");
  await page.locator(`${LIST} [role=option]`).first().waitFor();
  assert.deepEqual(await options(page), [
    "<img src=x onerror=alert(1)> & <b>, Title",
    "Something newer, A-later-kind",
    "Site’s own, Audience",
  ]);
  assert.equal(await page.locator(`${LIST} :is(img, b, a, button, input, mark, [tabindex])`).count(), 0);
  assert.deepEqual(page.faults, []);
});

test("21: the list stays open when the input loses focus, and closes by a press or focus elsewhere", async () => {
  const page = await typed("rec", { body: `<speir-search suggestions>${FORM}</speir-search><p><a href="#">Elsewhere</a></p>` });
  await page.locator(BOX).evaluate((input) => input.dispatchEvent(new FocusEvent("blur")));
  assert.ok(await isOpen(page), "as with a screen reader's own cursor");
  await page.getByText("Search the library").click();
  assert.ok(await isOpen(page), "a press within the search");
  await page.getByRole("heading", { name: "Resources" }).click();
  assert.equal(await isOpen(page), false);

  await page.focus(BOX);
  await page.keyboard.press("Alt+ArrowDown");
  assert.ok(await isOpen(page));
  await page.getByRole("link", { name: "Elsewhere" }).focus();
  assert.equal(await isOpen(page), false);
});

/** Where list, input and what follows stand. */
const places = (page) =>
  page.evaluate(
    ([box, list]) => {
      const rect = (selector) => document.querySelector(selector).getBoundingClientRect().toJSON();
      return {
        list: rect(list),
        input: rect(box),
        after: rect(".after"),
        height: innerHeight,
        width: innerWidth,
        wide: document.documentElement.scrollWidth,
      };
    },
    [BOX, LIST],
  );

const AFTER = '<h2 class="after">What follows</h2><p>More.</p>';

for (const [name, viewport, dir] of [
  ["wide", { width: 1280, height: 900 }, "ltr"],
  ["wide, from right to left", { width: 1280, height: 900 }, "rtl"],
  ["just wide enough", { width: 640, height: 400 }, "ltr"],
]) {
  test(`22: ${name}: the list lies above the page, below its input, within the window`, async () => {
    const body = `<speir-search suggestions>${FORM}</speir-search>${AFTER}`;
    const page = await typed("", { body, dir }, { viewport });
    const before = (await places(page)).after.top;
    await page.keyboard.type("rec");
    await page.locator(`${LIST} [role=option]`).first().waitFor();
    const { list, input, after, height, width, wide } = await places(page);
    assert.equal(after.top, before, "nothing moves");
    assert.ok(Math.abs(list.top - input.bottom) <= 1 && Math.abs(list.left - input.left) <= 1, JSON.stringify({ list, input }));
    assert.ok(Math.abs(list.width - input.width) <= 1);
    assert.ok(list.bottom <= height && list.right <= width && list.left >= 0 && wide <= width);
  });
}

test("22: at the foot of the window the list opens upwards", async () => {
  const body = `<div class="tall"></div><speir-search suggestions>${FORM}</speir-search>${AFTER}`;
  const page = await typed("", { body }, { viewport: { width: 1000, height: 600 } });
  await page.evaluate(() => {
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(".tall { block-size: 420px }");
    document.adoptedStyleSheets.push(sheet);
  });
  await page.keyboard.type("rec");
  await page.locator(`${LIST} [role=option]`).first().waitFor();
  const { list, input } = await places(page);
  assert.ok(Math.abs(list.bottom - input.top) <= 1 && list.top >= 0, JSON.stringify({ list, input }));
});

for (const viewport of [
  { width: 320, height: 256 },
  { width: 639, height: 900 },
  { width: 1280, height: 399 },
]) {
  test(`22, R6: at ${viewport.width} by ${viewport.height} the list takes its place in the page, and fits the window`, async () => {
    const body = `<speir-search suggestions>${FORM}</speir-search>${AFTER}`;
    const page = await typed("", { body }, { viewport });
    const before = (await places(page)).after.top;
    await page.keyboard.type("rec");
    await page.locator(`${LIST} [role=option]`).first().waitFor();
    const { list, input, after, height, width, wide } = await places(page);
    const pushed = after.top - before + (await page.evaluate(() => scrollY));
    assert.ok(pushed >= list.height - 1, `pushed by ${pushed} of ${list.height}`);
    assert.ok(list.top >= input.bottom - 1 && list.bottom <= height && input.top >= 0, JSON.stringify({ list, input, height }));
    assert.ok(list.height >= 80 && wide <= width);
    // Every option can be reached and is in sight when it is active.
    for (let at = 0; at < 6; at += 1) await page.keyboard.press("ArrowDown");
    const last = await page.locator("[aria-selected=true]").evaluate((option) => option.getBoundingClientRect().toJSON());
    assert.ok(last.top >= 0 && last.bottom <= height + 1, JSON.stringify(last));
  });
}

test("22: a form whose parts stand in a row keeps its row", async () => {
  const form = FORM.replace("<input", '<div class="row"><input').replace("</button>", "</button></div>");
  const extra = () => {
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(".row { display: flex; gap: 1rem }");
    document.adoptedStyleSheets.push(sheet);
  };
  const page = await typed("rec", { form, list: AFTER, extra }, { viewport: { width: 500, height: 800 } });
  const tops = await page.locator(".row > *").evaluateAll((parts) => parts.map((part) => part.getBoundingClientRect().top));
  assert.ok(Math.abs(tops[0] - tops[1]) < 10);
  assert.ok((await places(page)).list.top >= (await places(page)).input.bottom - 1);
});

test("23: at most six, from titles and values, each with its kind as part of its name", async () => {
  const page = await typed("org");
  assert.deepEqual((await options(page)).slice(0, 2), ["Org A, Organisation", "Org B, Organisation"]);
  assert.equal(await page.getByRole("option").count(), 6);
  await page.getByRole("option", { name: /^Org A ?, Organisation$/ }).waitFor();
});

test("23, R23: the number is spoken once when typing has settled, and no more while it stays", async () => {
  const page = await typed("");
  await page.evaluate(() => {
    window.spoken = [];
    const region = document.querySelector("[role=status]");
    new MutationObserver(() => region.textContent && window.spoken.push(region.textContent)).observe(region, { childList: true });
  });
  await page.keyboard.type("record 7", { delay: 40 });
  await waitForStatus(page, /suggestion/);
  assert.deepEqual(await page.evaluate(() => window.spoken), ["1 suggestion"]);
  await page.keyboard.type(" o", { delay: 40 });
  await page.waitForTimeout(1200);
  assert.deepEqual(await page.evaluate(() => window.spoken), ["1 suggestion"], "the same number is no news");
  await page.fill(BOX, "record 1");
  await page.waitForFunction(() => window.spoken.length === 2);
  assert.deepEqual(await page.evaluate(() => window.spoken[1]), "6 suggestions");
  assert.equal(await page.locator("[role=status], [aria-live]").count(), 1, "44: by the one region");
});

test("23: a letter alone asks for nothing; quick typing asks once", async () => {
  const page = await typed("");
  await page.keyboard.type("r");
  await page.waitForTimeout(400);
  assert.deepEqual(await page.evaluate(() => window.completed), []);
  await page.keyboard.type("ecord", { delay: 20 });
  await page.locator(`${LIST} [role=option]`).first().waitFor();
  assert.deepEqual(await page.evaluate(() => window.completed), ["record"]);
});

test("23: an old answer never comes last, nor after a search", async () => {
  const page = await world.openFixture({
    attributes: "suggestions",
    extra: () => {
      const fake = window.fakeSuggest;
      window.fakeSuggest = async (typed, options) => {
        await new Promise((done) => setTimeout(done, typed === "rec" ? 900 : 100));
        return fake(typed, options);
      };
    },
  });
  await page.focus(BOX);
  await page.locator(`${BOX}[role=combobox]`).waitFor();
  await page.keyboard.type("rec");
  await page.waitForFunction(() => window.completed.length === 1);
  await page.fill(BOX, "org a");
  await page.waitForFunction(() => window.completed.length === 2);
  await page.getByRole("option", { name: /^Org A/ }).waitFor();
  await page.waitForTimeout(1000);
  assert.deepEqual(await options(page), ["Org A, Organisation"]);
  await page.fill(BOX, "rec");
  await page.waitForFunction(() => window.completed.length === 3);
  await page.keyboard.press("Enter");
  await settled(page);
  await page.waitForTimeout(1100);
  assert.equal(await isOpen(page), false);
});

test("23: what an input method composes is left alone, with its keys", async () => {
  const page = await typed("");
  const client = await page.context().newCDPSession(page);
  await client.send("Input.imeSetComposition", { text: "reco", selectionStart: 4, selectionEnd: 4 });
  await page.waitForTimeout(400);
  assert.deepEqual(await page.evaluate(() => window.completed), [], "not while it is composed");
  const isOurs = await page.locator(BOX).evaluate((input) => {
    const key = new KeyboardEvent("keydown", { key: "Escape", isComposing: true, bubbles: true, cancelable: true });
    input.dispatchEvent(key);
    return key.defaultPrevented || input.value === "";
  });
  assert.equal(isOurs, false);
  await client.send("Input.insertText", { text: "record" });
  await page.locator(`${LIST} [role=option]`).first().waitFor();
  assert.deepEqual(await page.evaluate(() => window.completed), ["record"]);
});

test("5, 23: where completing fails the box is a box", async () => {
  const page = await world.openFixture({
    attributes: "suggestions",
    extra: () => (window.fakeSuggest = () => Promise.reject(new Error("no chunk"))),
  });
  await page.focus(BOX);
  await page.locator(`${BOX}[role=combobox]`).waitFor();
  await page.keyboard.type("record 7");
  await page.waitForFunction(() => window.completed.length > 0);
  assert.equal(await isOpen(page), false);
  await page.keyboard.press("Enter");
  await settled(page);
  assert.equal(await heading(page), "3 resources for ‘record 7’");
  assert.deepEqual(page.faults, []);

  world.site.rule(/speir-suggest\.js$/, { status: 500 });
  const other = await world.openFixture({ attributes: "suggestions" });
  await search(other, "record 7");
  assert.equal(await heading(other), "3 resources for ‘record 7’");
  assert.equal(await other.locator(BOX).getAttribute("role"), null);
});

test("14: the button that clears closes the list", async () => {
  const page = await typed("rec");
  await page.keyboard.press("Tab");
  await page.focus(BOX);
  await page.keyboard.press("Alt+ArrowDown");
  // Under the list, where a pointer does not come, but a voice does: "click Clear search".
  await page.getByRole("button", { name: "Clear search" }).dispatchEvent("click");
  assert.equal(await isOpen(page), false);
  assert.equal(await page.locator(BOX).inputValue(), "");
});

test("R4, R40, 59: the active option does not depend on colour", async () => {
  const page = await typed("rec", {}, { forcedColors: "active" });
  await page.keyboard.press("ArrowDown");
  const look = (selector) =>
    page.locator(selector).first().evaluate((node) => {
      const { backgroundColor, color, borderInlineStartColor } = getComputedStyle(node);
      return { backgroundColor, color, borderInlineStartColor };
    });
  const [chosen, other] = [await look("[aria-selected=true]"), await look("[aria-selected=false]")];
  assert.notEqual(chosen.backgroundColor, other.backgroundColor);
  assert.notEqual(chosen.color, chosen.backgroundColor);
});

test("57: a page in Welsh has its suggestions in Welsh", async () => {
  const page = await typed("org", { lang: "cy" });
  assert.equal((await options(page))[0], "Org A, Sefydliad");
  assert.equal(await page.locator(LIST).getAttribute("aria-label"), "Awgrymiadau");
  await waitForStatus(page, /^6 awgrym$/);
  assert.equal(page.requests.filter((url) => url.endsWith("speir-cy.js")).length, 1);
});

test("60: taken from the page, the input is as it was, and nothing listens", async () => {
  const page = await typed("rec");
  const left = await page.evaluate((box) => {
    const element = document.querySelector("speir-search");
    const input = document.querySelector(box);
    element.remove();
    return [input.getAttribute("role"), input.getAttribute("autocomplete"), element.querySelectorAll("[role=listbox]").length, document.adoptedStyleSheets.length];
  }, BOX);
  assert.deepEqual(left, [null, null, 0, 1]);
});

test("23, R28: the index itself completes, and the policy stands", async () => {
  const page = await world.openFixture({
    body: `<speir-search data-real suggestions src="/search/">${FORM}</speir-search>`,
  });
  await page.focus(BOX);
  await page.keyboard.type("integ");
  await page.locator(`${LIST} [role=option]`).first().waitFor();
  const all = await options(page);
  assert.ok(all.length > 1 && all.length <= 6);
  for (const text of all) assert.match(text, /integ/i);
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("Enter");
  await settled(page);
  assert.match(await heading(page), /^\d+ resources? for/);
  assert.deepEqual(page.violations, []);
  assert.deepEqual(page.faults, []);
});
