// Every example page, in every state that a reader can meet: for the screenshots and for axe.
//
// Knows which pages there are, how each state is reached, and in which widths and media it is looked at.
// The page of no design at all is made here; it searches the index of the design systems' pages.
// Everything is reached as a reader would: by an address, by typing, by pressing.

import { existsSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { fileURLToPath } from "node:url";

const EXAMPLES = resolve(fileURLToPath(new URL(".", import.meta.url)), "../../../examples");

/** The folder that a server has to serve for all of the pages. */
export const FOLDER = EXAMPLES;

/** The pages by name, each with its path in that folder. */
export const PAGES = {
  plain: "design-systems/site/plain/index.html",
  library: "resource-library/site/index.html",
  govuk: "design-systems/site/govuk/index.html",
  nhs: "design-systems/site/nhs/index.html",
  council: "design-systems/site/council/index.html",
};

const INDEX = "design-systems/site/search/";
const FROM_PLAIN = "../search/";

const PLAIN = `<!doctype html>
<html lang="en-GB">
<head>
<meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>Resources – Example</title>
<link rel="icon" href="../covers/garden.svg">
<link rel="stylesheet" href="${FROM_PLAIN}speir-widget.css">
<script type="module" blocking="render" src="${FROM_PLAIN}speir-widget.js"></script>
</head>
<body>
<main>
<h1>Resources</h1>
<speir-search src="${FROM_PLAIN}" facets="type organisations topics year" suggestions></speir-search>
</main>
</body>
</html>`;

/** Says what is missing where the examples have not been built. */
export function checkBuilt() {
  for (const file of ["resource-library/site/search/index.json", `${INDEX}index.json`]) {
    if (existsSync(join(EXAMPLES, file))) continue;
    throw new Error(`${join(EXAMPLES, file)} is missing: build the examples first (cargo xtask shots)`);
  }
}

/** Adds to a server what is no file: the page without design, and each page in Arabic. */
export function addPages(site) {
  site.add(`/${PAGES.plain}`, PLAIN);
  for (const path of Object.values(PAGES)) {
    const html = path === PAGES.plain ? PLAIN : readFileSync(join(EXAMPLES, path), "utf8");
    site.add(`/${inArabic(path)}`, html.replace('<html lang="en-GB"', '<html lang="ar" dir="rtl"'));
  }
}

/** The path of a page whose interface is in Arabic; what its author wrote stays English. */
export function inArabic(path) {
  return path.replace(".html", "-ar.html");
}

const BOX = "speir-search input[type=search]";

const settled = (page) =>
  page.waitForFunction(() => document.querySelector(".speir-found")?.getAttribute("aria-busy") === "false");

async function openPanel(page) {
  const button = page.locator(".speir-disclose");
  if ((await button.isVisible()) && (await button.getAttribute("aria-expanded")) === "false") await button.click();
}

/**
 * The states by name. `query` is of the address, `reach` what the reader does then, `isNotOf` which
 * pages do not have the state, `fails` which files do not come.
 */
const STATES = {
  start: { query: "", reach: (page) => page.locator("[role=status]").waitFor({ state: "attached" }) },
  results: { query: "?q=volunteers", reach: settled },
  "all kinds of records": { query: "?q=strathmore", reach: settled },
  sections: { query: "?q=garden+rota+toolkit", reach: settled },
  facets: {
    query: "?q=&type=report&type=toolkit&from=2013&to=2021&page=2",
    async reach(page) {
      await settled(page);
      await openPanel(page);
    },
  },
  "another word": { query: "?q=voluntteers", reach: settled },
  "no results": { query: "?q=xyzzyqwert&type=report", reach: settled },
  "wrong range": {
    query: "?q=",
    async reach(page) {
      await settled(page);
      await openPanel(page);
      const [from, to] = [page.locator(".speir-range select").first(), page.locator(".speir-range select").last()];
      await from.selectOption("2019");
      await to.selectOption("2013");
      await page.locator(".speir-filters [type=submit]").click();
      await page.locator(".speir-summary").waitFor();
    },
  },
  error: {
    query: "?q=housing",
    fails: /\/search\/index\.json$/,
    reach: (page) => page.locator(".speir-message").waitFor(),
  },
  suggestions: {
    query: "",
    // It is the page of the few lines that the README shows.
    isNotOf: ["library"],
    async reach(page) {
      await page.focus(BOX);
      await page.locator(`${BOX}[role=combobox]`).waitFor();
      await page.keyboard.type("vol");
      await page.locator("[role=option]").first().waitFor();
      await page.keyboard.press("ArrowDown");
    },
  },
};

/** The states that a page has, by its name. */
export function statesOf(page) {
  return Object.keys(STATES).filter((state) => !STATES[state].isNotOf?.includes(page));
}

/** Opens a page in a state. `site` is a server of `FOLDER`. */
export async function reach(page, site, path, name) {
  const { query, fails, reach } = STATES[name];
  if (fails) site.rule(fails, { status: 500 });
  await page.goto(`${site.url}${path}${query}`);
  await reach(page);
}
