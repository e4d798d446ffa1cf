// A real Chromium on the example site, and the few moves that all tests share.
//
// SPEIR_SITE names the folder with the built site (default the resource library of the examples).
// Every page has a fresh profile. Nothing here knows how the widget works inside; only its class
// names.

import { existsSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join, resolve } from "node:path";
import { after, afterEach, before } from "node:test";
import { fileURLToPath } from "node:url";
import { launch } from "./chromium.mjs";
import { serve } from "./server.mjs";

const HERE = fileURLToPath(new URL(".", import.meta.url));

/** The checkout. */
export const ROOT = resolve(HERE, "../../..");

/** The folder of the built site. */
export const SITE = resolve(process.env.SPEIR_SITE ?? join(ROOT, "examples/resource-library/site"));

/** Longest wait for one thing to happen: a slow machine needs seconds, a broken page for ever. */
export const WAIT_MS = 15_000;

/**
 * Starts a server and a browser before the tests of a file and ends both after them.
 * The object is filled in when the tests run.
 */
export function setUp() {
  const world = { site: null, browser: null };
  const contexts = [];

  before(async () => {
    for (const file of ["index.html", "search/index.json", "search/speir-widget.js", "search/speir.wasm"]) {
      if (!existsSync(join(SITE, file))) {
        throw new Error(
          `${join(SITE, file)} is missing: build the site first (cargo xtask demo --check), or set SPEIR_SITE`,
        );
      }
    }
    world.site = await serve(SITE);
    addFixtures(world.site);
    world.browser = await launch();
  });

  afterEach(async () => {
    for (const context of contexts.splice(0)) await context.close();
    world.site?.reset();
  });

  after(async () => {
    await world.browser?.close();
    await world.site?.close();
  });

  /**
   * A page in a fresh profile. Collects `page.violations` (of the security policy),
   * `page.faults` (uncaught errors) and `page.requests` (all addresses asked for).
   */
  world.newPage = async (options = {}) => {
    const context = await world.browser.newContext({ viewport: { width: 1280, height: 900 }, ...options });
    contexts.push(context);
    const page = await context.newPage();
    page.setDefaultTimeout(WAIT_MS);
    Object.assign(page, { violations: [], faults: [], requests: [] });
    if (options.javaScriptEnabled !== false) {
      await context.exposeBinding("reportViolation", (_, text) => page.violations.push(text));
      await page.addInitScript(() => {
        document.addEventListener("securitypolicyviolation", (event) => {
          window.reportViolation(
            `${event.violatedDirective}: ${event.blockedURI} ${event.sourceFile}:${event.lineNumber}`,
          );
        });
      });
    }
    page.on("pageerror", (error) => page.faults.push(error.message));
    context.on("request", (request) => page.requests.push(request.url()));
    return page;
  };

  /** The example's search page, with parameters such as "?q=housing". */
  world.open = async (query = "", options = {}) => {
    const page = await world.newPage(options);
    await page.goto(world.site.url + query);
    return page;
  };

  /** A made-up page with a made-up search: see `fixture`. */
  world.openFixture = async (parts = {}, query = "", options = {}) => {
    const page = await world.newPage(options);
    world.site.add("/fixture/extra.js", `(${parts.extra ?? (() => {})})();`);
    world.site.add("/fixture.html", fixture(parts));
    await page.goto(`${world.site.url}fixture.html${query}`);
    return page;
  };
  return world;
}

/** The input for the words. */
export const BOX = "speir-search input[type=search]";

/** Types words and presses Enter; comes back when the answer is there. */
export async function search(page, text) {
  await page.fill(BOX, text);
  await page.press(BOX, "Enter");
  await settled(page);
}

/** Waits until no search is under way and something is shown for it. */
export async function settled(page) {
  await page.waitForFunction(
    () => document.querySelector(".speir-found")?.getAttribute("aria-busy") === "false",
  );
}

/** The heading of the results. */
export const heading = (page) => page.locator(".speir-heading").innerText();

/** The titles on the page of results, in order. */
export const titles = (page) => page.locator(".speir-title").allInnerTexts();

/** The names of the checkboxes of a facet that can be seen, such as "report (14)". */
export const options = (page, legend) =>
  page
    .locator("fieldset", { has: page.locator(`legend:text-is("${legend}")`) })
    .locator(".speir-option:visible")
    .allInnerTexts();

/** A checkbox of a facet, by its value without the count. */
export const option = (page, legend, value) =>
  page
    .locator("fieldset", { has: page.locator(`legend:text-is("${legend}")`) })
    .locator(".speir-option", { hasText: value })
    .locator("input");

/** What is in the live region now. */
export const status = (page) => page.locator("[role=status]").first().innerText();

/** Waits until the live region says something that fits, and gives it back. */
export async function waitForStatus(page, pattern) {
  const handle = await page.waitForFunction(
    ([source, flags]) => {
      const text = document.querySelector("[role=status]")?.textContent ?? "";
      return new RegExp(source, flags).test(text) && text;
    },
    [pattern.source, pattern.flags],
  );
  return handle.jsonValue();
}

const AXE = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

/** Runs axe over the whole page; gives each finding as one line. */
export async function axe(page) {
  await page.evaluate(AXE);
  const found = await page.evaluate(() =>
    window.axe.run(document, {
      runOnly: {
        type: "tag",
        values: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
      },
      rules: { "label-content-name-mismatch": { enabled: true }, "target-size": { enabled: true } },
      resultTypes: ["violations"],
    }),
  );
  return found.violations.flatMap(({ id, nodes }) =>
    nodes.map((node) => `${id}: ${node.target.join(" ")}: ${node.failureSummary}`),
  );
}

/** The form that the made-up page has unless a test gives another. */
export const FORM = `
  <form action="list.html" method="get" role="search" aria-label="Resources">
    <label for="q">Search the library</label>
    <input id="q" name="q" type="search">
    <button type="submit">Search</button>
  </form>`;

/**
 * A page with a widget whose search is support/fake.js.
 * `attributes` of the element, `form`, `list` (what the author puts after the form), `body` (in
 * place of all that), and with `openFixture` also `extra`: a function that the page runs before the widget.
 */
export function fixture({
  attributes = "",
  form = FORM,
  list = "",
  body,
  lang = "en",
  dir = "ltr",
  css = true,
} = {}) {
  return `<!doctype html>
<html lang="${lang}" dir="${dir}">
<head>
<meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>Resources – Example</title>
<link rel="icon" href="/fixture/icon.svg">
${css ? '<link rel="stylesheet" href="/search/speir-widget.css">' : ""}
<link rel="stylesheet" href="/fixture/page.css">
<script type="module" src="/search/speir-widget.js"></script>
</head>
<body>
<main>
<h1>Resources</h1>
${body ?? `<speir-search ${attributes}>${form}${list}</speir-search>`}
</main>
<script src="/fixture/fake.js"></script>
<script src="/fixture/extra.js"></script>
</body>
</html>`;
}

function addFixtures(site) {
  site.add("/fixture/extra.js", "");
  site.add("/fixture/fake.js", readFileSync(join(HERE, "fake.js"), "utf8"));
  site.add("/fixture/page.css", "body { margin: 0 1rem; font: 1rem/1.5 sans-serif; }");
  site.add("/fixture/icon.svg", '<svg xmlns="http://www.w3.org/2000/svg"/>');
  site.add(
    "/list.html",
    '<!doctype html><html lang="en"><title>List</title><main><h1>All resources</h1></main></html>',
  );
  site.add(
    "/record.html",
    '<!doctype html><html lang="en"><title>Record</title><main><h1>A record</h1></main></html>',
  );
}
