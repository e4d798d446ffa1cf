// How it holds together: narrow, enlarged, spaced, printed, mirrored, in forced colours.

import assert from "node:assert/strict";
import { test } from "node:test";
import { BOX, fixture, FORM, option, options, search, setUp, settled } from "./support/browser.mjs";

const world = setUp();
const FULL = "?q=&type=report&type=toolkit&from=2013";

test("R6: at 320 CSS pixels nothing runs out of the page", async () => {
  const page = await world.open(FULL, { viewport: { width: 320, height: 256 } });
  await settled(page);
  await page.locator(".speir-disclose").click();
  assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= window.innerWidth));
});

test("R7: with wider text spacing no text is cut", async () => {
  const page = await world.open(FULL);
  await settled(page);
  await page.evaluate(() => {
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(
      "* { line-height: 1.5 !important; letter-spacing: 0.12em !important; word-spacing: 0.16em !important } p { margin-block-end: 2em !important }",
    );
    document.adoptedStyleSheets = [sheet];
  });
  const cut = await page.evaluate(() =>
    [...document.querySelectorAll("speir-search *")]
      .filter(
        (node) =>
          node.checkVisibility() &&
          !node.classList.contains("speir-hidden") &&
          getComputedStyle(node).overflow !== "visible",
      )
      .filter(
        (node) =>
          node.scrollHeight > node.clientHeight + 1 &&
          node.clientHeight > 0 &&
          !node.matches("input, select"),
      )
      .map((node) => `${node.className || node.tagName}: ${node.textContent.slice(0, 40)}`),
  );
  assert.deepEqual(cut, []);
  assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= window.innerWidth));
});

/** Adds up in `window.shift` what moves without the reader having done anything. */
const watchShift = (page) =>
  page.addInitScript(() => {
    window.shift = 0;
    new PerformanceObserver((list) => {
      for (const entry of list.getEntries()) if (!entry.hadRecentInput) window.shift += entry.value;
    }).observe({ type: "layout-shift", buffered: true });
  });

/** The shift so far, after everything has come to rest. */
async function shift(page) {
  await settled(page);
  await page.waitForTimeout(600);
  return page.evaluate(() => window.shift);
}

test("8: loading, searching, filtering and turning pages on a slow line shift the page by at most 0.02", async () => {
  world.site.rule(/\/search\//, { delay_ms: 700 });
  const page = await world.newPage();
  await watchShift(page);
  await page.goto(world.site.url);
  await search(page, "");
  const [first] = await options(page, "Type");
  await option(page, "Type", first.replace(/ \(.*/, "")).check();
  await page.waitForTimeout(600);
  await page.getByRole("button", { name: "Apply filters" }).click();
  await settled(page);
  await page.getByRole("link", { name: "Clear all filters" }).click();
  await settled(page);
  await page.getByRole("link", { name: "Next" }).click();
  await settled(page);
  await search(page, "toolkit xyzzyqwert");
  assert.ok((await shift(page)) <= 0.02, `${await shift(page)}`);
});

test("8: an address with words in it shifts nothing where the script may hold the first paint", async () => {
  world.site.rule(/\.bin$/, { delay_ms: 900 });
  for (const query of ["?q=integration", "?q=xyzzyqwert"]) {
    const body = `<speir-search data-real src="/search/">${FORM}</speir-search><h2>What follows</h2><p>${"More. ".repeat(100)}</p>`;
    world.site.add(
      "/fixture.html",
      fixture({ body }).replace('<script type="module"', '<script type="module" blocking="render"'),
    );
    const page = await world.newPage();
    await watchShift(page);
    await page.goto(`${world.site.url}fixture.html${query}`);
    assert.ok((await shift(page)) <= 0.02, `${query}: ${await shift(page)}`);
  }
});

test("R39: print has the results with their addresses, and no controls", async () => {
  const page = await world.open(FULL);
  await settled(page);
  await page.emulateMedia({ media: "print" });
  for (const part of [".speir-filters", ".speir-order", ".speir-pager", ".speir-active", ".speir-disclose"]) {
    assert.equal(await page.locator(part).first().isVisible(), false, part);
  }
  assert.ok(await page.locator(".speir-title").first().isVisible());
  assert.match(
    await page
      .locator(".speir-title a")
      .first()
      .evaluate((link) => getComputedStyle(link, "::after").content),
    /attr\(href\)|https?:|html/,
  );
});

test("R4, R40: in forced colours found words, ticked boxes and focus do not depend on colour", async () => {
  const page = await world.open("?q=integration", { forcedColors: "active" });
  await settled(page);
  const mark = page.locator("mark").first();
  const style = await mark.evaluate((node) => ({
    line: getComputedStyle(node).textDecorationLine,
    weight: getComputedStyle(node).fontWeight,
  }));
  assert.equal(style.line, "underline");
  assert.ok(Number(style.weight) >= 600);
  await page.locator(".speir-title a").first().focus();
  await page.keyboard.press("Tab");
  assert.notEqual(
    await page.locator(":focus").evaluate((node) => getComputedStyle(node).outlineStyle),
    "none",
  );
});

test("R40: nothing moves, with or without a wish for less motion", async () => {
  const page = await world.open("?q=integration", { reducedMotion: "reduce" });
  await settled(page);
  const moving = await page.evaluate(
    () =>
      [...document.querySelectorAll(".speir-area *")].filter((node) => {
        const { transitionDuration, animationName } = getComputedStyle(node);
        return transitionDuration.split(",").some((time) => parseFloat(time) > 0) || animationName !== "none";
      }).length,
  );
  assert.equal(moving, 0);
});

test("R41: from right to left the panel stands on the other side and nothing runs out", async () => {
  const page = await world.openFixture({ dir: "rtl", lang: "ar" }, "?q=housing&type=report");
  await settled(page);
  const [panel, results] = [
    await page.locator(".speir-filters").boundingBox(),
    await page.locator(".speir-main").boundingBox(),
  ];
  assert.ok(panel.x > results.x);
  assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= window.innerWidth));
  assert.ok(
    await page
      .locator(".speir-count")
      .first()
      .evaluate((node) => node.tagName === "BDI"),
  );
});

test("R41: the arrow of the button that opens the filters points down in both directions", async () => {
  for (const dir of ["ltr", "rtl"]) {
    const page = await world.openFixture({ dir }, "?q=housing", { viewport: { width: 320, height: 640 } });
    await settled(page);
    const arrow = await page.locator(".speir-disclose").evaluate((button) => {
      const { rotate, borderTopWidth, borderRightWidth, borderBottomWidth, borderLeftWidth } = getComputedStyle(
        button,
        "::after",
      );
      return [rotate, borderTopWidth, borderRightWidth, borderBottomWidth, borderLeftWidth];
    });
    assert.deepEqual(arrow, ["45deg", "0px", "2px", "2px", "0px"], dir);
  }
});

test("36, 39, 41: a page that lays out labels, buttons and boxes in its own way does not show what is hidden", async () => {
  const page = await world.openFixture({}, "?q=housing");
  await settled(page);
  const before = await page.locator(".speir-area [hidden]").count();
  await page.evaluate(() => {
    const sheet = new CSSStyleSheet();
    sheet.replaceSync("label, div, p, form { display: flex } button, a { display: inline-block }");
    document.adoptedStyleSheets = [...document.adoptedStyleSheets, sheet];
  });
  assert.ok(before > 3);
  const shown = await page.locator(".speir-area [hidden]").evaluateAll((nodes) =>
    nodes.filter((node) => node.checkVisibility()).map((node) => node.className),
  );
  assert.deepEqual(shown, []);
  assert.equal(await page.locator(".speir-disclose").isVisible(), false);
  assert.equal(await page.locator(".speir-option:visible", { hasText: "Org" }).count(), 7);
});

test("without its style sheet the widget is plain and whole", async () => {
  const page = await world.openFixture({ css: false }, "?q=housing&type=report");
  await settled(page);
  assert.ok(await page.locator(".speir-title a").first().isVisible());
  assert.ok(await page.getByRole("button", { name: "Apply filters" }).isVisible());
  await page.fill(BOX, "");
  assert.equal(await page.getByRole("button", { name: "Clear search" }).isVisible(), false);
});

test("R5: the borders of controls stand out from the page by 3 to 1, in light and dark", async () => {
  for (const colorScheme of ["light", "dark"]) {
    const page = await world.openFixture({}, "?q=housing&type=report", { colorScheme });
    await settled(page);
    const ratios = await page.evaluate((scheme) => {
      document.documentElement.style.colorScheme = scheme;
      const numbers = (color) => color.match(/[\d.]+/g).slice(0, 3).map(Number);
      const luminance = (color) => {
        const [r, g, b] = numbers(color).map((part) => {
          const share = part / 255;
          return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
        });
        return 0.2126 * r + 0.7152 * g + 0.0722 * b;
      };
      const probe = document.body.appendChild(document.createElement("i"));
      probe.style.color = "Canvas";
      const canvas = luminance(getComputedStyle(probe).color);
      return [...document.querySelectorAll(".speir-area select, .speir-remove, .speir-filters")].map((node) => {
        const border = luminance(getComputedStyle(node).borderTopColor);
        return (Math.max(border, canvas) + 0.05) / (Math.min(border, canvas) + 0.05);
      });
    }, colorScheme);
    assert.ok(ratios.length >= 4);
    for (const ratio of ratios) assert.ok(ratio >= 3, `${colorScheme}: ${ratios.join(" ")}`);
  }
});

/** A page with all that can be asked for, searched, with its list of suggestions open. */
async function full(options, parts = {}) {
  const page = await world.openFixture({ attributes: "suggestions highlight", ...parts }, "?q=record&type=report", options);
  await settled(page);
  await page.focus(BOX);
  await page.locator(`${BOX}[role=combobox]`).waitFor();
  await page.fill(BOX, "org");
  await page.locator("[role=option]").first().waitFor();
  return page;
}

const fits = (page) => page.evaluate(() => document.documentElement.scrollWidth <= window.innerWidth);

for (const [name, options, parts] of [
  ["reduced motion", { reducedMotion: "reduce" }],
  ["forced colours, light", { forcedColors: "active", colorScheme: "light" }],
  ["forced colours, dark", { forcedColors: "active", colorScheme: "dark" }],
  ["400 % zoom", { viewport: { width: 320, height: 256 } }],
  ["right to left", {}, { dir: "rtl", lang: "ar" }],
  ["right to left, narrow", { viewport: { width: 320, height: 640 } }, { dir: "rtl", lang: "ur" }],
]) {
  test(`59, R6, R40, R41: with suggestions and results, ${name}`, async () => {
    const page = await full(options, parts);
    await page.keyboard.press("ArrowDown");
    assert.ok(await fits(page), "nothing runs out of the page");
    const list = await page.locator("[role=listbox]").evaluate((node) => {
      const { top, bottom, left, right } = node.getBoundingClientRect();
      return top >= 0 && bottom <= innerHeight && left >= 0 && right <= innerWidth;
    });
    assert.ok(list, "the list is within the window");
    const moving = await page.evaluate(
      () =>
        document.getAnimations().length +
        [...document.querySelectorAll("speir-search *")].filter((node) =>
          getComputedStyle(node).transitionDuration.split(",").some((time) => parseFloat(time) > 0),
        ).length,
    );
    assert.equal(moving, 0, "nothing moves");
    const [chosen, other] = await page.evaluate(() =>
      ["true", "false"].map((is) => {
        const option = document.querySelector(`[role=option][aria-selected=${is}]`);
        return getComputedStyle(option).backgroundColor;
      }),
    );
    assert.notEqual(chosen, other);
  });
}

test("59, R7: with wider text spacing no text of cards or suggestions is cut", async () => {
  const page = await full({ viewport: { width: 320, height: 700 } });
  await page.evaluate(() => {
    const sheet = new CSSStyleSheet();
    sheet.replaceSync("* { line-height: 1.5 !important; letter-spacing: 0.12em !important; word-spacing: 0.16em !important }");
    document.adoptedStyleSheets.push(sheet);
  });
  assert.ok(await fits(page));
  const cut = await page.locator("[role=option], .speir-result, .speir-title, .speir-meta").evaluateAll((nodes) =>
    nodes.filter((node) => node.checkVisibility() && node.scrollWidth > node.clientWidth + 1).map((node) => node.textContent),
  );
  assert.deepEqual(cut, []);
});

test("59, R39: print has results with their addresses in the flow of the text, and no suggestions", async () => {
  const page = await full({});
  await page.emulateMedia({ media: "print" });
  assert.equal(await page.locator("[role=listbox]").isVisible(), false);
  const after = await page.locator(".speir-link").first().evaluate((link) => getComputedStyle(link, "::after").position);
  assert.equal(after, "static", "the card's surface is no overlay on paper");
});

test("8: suggestions that lie above the page, and results while typing, shift it by at most 0.02", async () => {
  const page = await world.newPage();
  await watchShift(page);
  const html = fixture({ attributes: "suggestions live", list: "<h2>What follows</h2><p>Text.</p>" });
  world.site.add("/fixture.html", html.replace('<script type="module"', '<script type="module" blocking="render"'));
  await page.goto(`${world.site.url}fixture.html`);
  await page.focus(BOX);
  await page.locator(`${BOX}[role=combobox]`).waitFor();
  await page.waitForTimeout(600);
  await page.keyboard.type("record 1", { delay: 400 });
  await page.locator("[role=option]").first().waitFor();
  assert.ok((await shift(page)) <= 0.02, `${await shift(page)}`);
});
