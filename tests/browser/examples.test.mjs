// axe-core, and nothing running out of the page, on every example in every state, wide and narrow.
//
// The example pages of the design systems too: what their classes bring along is theirs, but whether
// the whole can be used is ours.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { axe, WAIT_MS } from "./support/browser.mjs";
import { launch } from "./support/chromium.mjs";
import { serve } from "./support/server.mjs";
import { addPages, checkBuilt, FOLDER, inArabic, PAGES, reach, statesOf } from "./support/states.mjs";

let site;
let browser;

before(async () => {
  checkBuilt();
  site = await serve(FOLDER);
  addPages(site);
  browser = await launch();
});

after(async () => {
  await browser?.close();
  await site?.close();
});

/** Does something with a page in a state. */
async function inState(path, state, options, work) {
  site.reset();
  const context = await browser.newContext({ viewport: { width: 1280, height: 900 }, ...options });
  try {
    const page = await context.newPage();
    page.setDefaultTimeout(WAIT_MS);
    const violations = [];
    await page.exposeFunction("reportViolation", (text) => violations.push(text));
    await page.addInitScript(() =>
      document.addEventListener("securitypolicyviolation", ({ violatedDirective, blockedURI }) =>
        window.reportViolation(`${violatedDirective}: ${blockedURI}`),
      ),
    );
    await reach(page, site, path, state);
    await work(page);
    assert.deepEqual(violations, [], "the content security policy");
  } finally {
    await context.close();
  }
}

/** Waits until nothing runs out of the page: what lies above it is placed anew after a change of width. */
const fits = (page, what) =>
  page
    .waitForFunction(() => document.documentElement.scrollWidth <= window.innerWidth, null, { timeout: 3000 })
    .catch(() => assert.fail(`${what}: something runs out of the page`));

for (const [name, path] of Object.entries(PAGES)) {
  for (const state of statesOf(name)) {
    test(`R5, R6, R7, R15, R17, R28: ${name}, ${state}: axe finds nothing at 1280 and 320 pixels, and nothing runs out`, () =>
      inState(path, state, {}, async (page) => {
        assert.deepEqual(await axe(page), [], "at 1280 pixels");
        await page.setViewportSize({ width: 320, height: 640 });
        await fits(page, "at 320 pixels");
        assert.deepEqual(await axe(page), [], "at 320 pixels");
        await page.evaluate(() => {
          const sheet = new CSSStyleSheet();
          sheet.replaceSync(
            "* { line-height: 1.5 !important; letter-spacing: 0.12em !important; word-spacing: 0.16em !important }",
          );
          document.adoptedStyleSheets = [...document.adoptedStyleSheets, sheet];
        });
        await fits(page, "with wider text spacing");
      }));
  }

  test(`R6, R41, 59: ${name} from right to left, enlarged four times: nothing runs out of the page`, async () => {
    for (const state of ["all kinds of records", "facets"]) {
      await inState(inArabic(path), state, { viewport: { width: 320, height: 256 } }, (page) => fits(page, state));
    }
  });
}
