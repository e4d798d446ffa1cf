// Rules that the widget's own text must keep: checked in the sources and in the built files.

import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { pathToFileURL } from "node:url";
import { ROOT, SITE } from "./support/browser.mjs";

const WIDGET = join(ROOT, "wasm/npm/widget");
const sources = readdirSync(WIDGET)
  .filter((name) => name.endsWith(".ts"))
  .map((name) => [name, readFileSync(join(WIDGET, name), "utf8")]);
const sheet = (name) => readFileSync(join(WIDGET, name), "utf8").replace(/\/\*[^]*?\*\//g, "").trim();
const names = readdirSync(WIDGET).filter((name) => name.endsWith(".css"));
const sheets = names.map(sheet);
const rules = sheets.join("\n");
/** The widget's scripts as readers are sent them. */
const built = readdirSync(join(SITE, "search"))
  .filter((name) => /^speir-.*\.js$/.test(name))
  .map((name) => [name, readFileSync(join(SITE, "search", name), "utf8")]);

test("7, R30, R31: no text ever becomes markup or code", () => {
  const forbidden =
    /innerHTML|outerHTML|insertAdjacentHTML|document\.write|(?<!unsafe-)\beval\b|new Function|DOMParser|createContextualFragment|setHTML|srcdoc/;
  assert.ok(built.length >= 6);
  for (const [name, text] of [...sources, ...built]) assert.doesNotMatch(text, forbidden, name);
});

test("R31, R33: no style attributes or elements, no cookies, no storage", () => {
  for (const [name, text] of sources) {
    assert.doesNotMatch(
      text,
      /\.style\b|style:|"style"|createElement\("style"\)|cookie|localStorage|sessionStorage|indexedDB/,
      name,
    );
  }
});

test("R31: no script of Speir makes code of text, nor a worker of anything but its own file", () => {
  for (const name of ["speir.js", "speir-ladder.js", "speir-worker.js", "speir-engine.js"]) {
    const text = readFileSync(join(SITE, "search", name), "utf8");
    assert.doesNotMatch(text, /\beval\(|new Function|createObjectURL|importScripts|innerHTML|["'`](?:blob|data):/, name);
  }
});

test("every file says at its top what it does", () => {
  for (const [name, text] of sources) assert.match(text, /^\/\/ [A-Z<].*\n/, name);
});

test("every rule but a theme's is in the layer and in :where(), and none insists but on what is hidden", () => {
  assert.equal(sheets.length, 4);
  const rules = names.filter((name) => name !== "theme.css").map(sheet).join("\n");
  for (const name of names.filter((name) => name !== "theme.css")) assert.match(sheet(name), /^@layer speir \{[^]*\}$/, name);
  assert.doesNotMatch(sheets.join("\n").replaceAll("display: none !important", ""), /!important/);
  for (const [, selector] of rules.matchAll(/(?:^|[{};])\s*([^{};@]+)\{/g)) {
    // Pseudo-elements cannot be inside :where(); they have the weight of an element.
    const bare = withoutBrackets(selector)
      .replaceAll(":where()", "")
      .replace(/::[\w-]+/g, "");
    assert.doesNotMatch(bare, /[.#[\w]/, `the selector "${selector.trim()}"`);
  }
});

test("R41: directions are logical", () => {
  const physical =
    /(?<![\w-])(?:(?:margin|padding|border|inset)-(?:left|right|top|bottom)|left|right|top|bottom|width|height|min-width|max-width|min-height|max-height)\s*:/g;
  const found = [...rules.replace(/\((?:min|max)-(?:width|height):[^)]*\)/g, "").matchAll(physical)].map(
    ([text]) => text,
  );
  assert.deepEqual(found, []);
  assert.doesNotMatch(rules, /text-align:\s*(?:left|right)|float:\s*(?:left|right)/);
});

test("there are exactly twelve custom properties, and none is set by us but by a theme that a page asks for", () => {
  const used = new Set([...rules.matchAll(/var\((--[\w-]+)/g)].map(([, name]) => name));
  assert.deepEqual([...used].sort(), [
    "--speir-accent",
    "--speir-border",
    "--speir-card-cover-ratio",
    "--speir-error",
    "--speir-focus",
    "--speir-font",
    "--speir-gap",
    "--speir-mark-bg",
    "--speir-mark-fg",
    "--speir-max",
    "--speir-panel-bg",
    "--speir-radius",
  ]);
  for (const name of names.filter((name) => name !== "theme.css")) assert.doesNotMatch(sheet(name), /^\s*--/m, name);
  for (const [, name] of sheet("theme.css").matchAll(/^\s*(--[\w-]+):/gm)) assert.ok(used.has(name), name);
});

test("R40: whether a page is dark is the page's to say", () => {
  assert.doesNotMatch(sheets.join("\n"), /color-scheme/);
});

test("R24: the text for accessibility statements is of this version, dated, and says what was not tested", () => {
  const { version } = JSON.parse(readFileSync(join(ROOT, "wasm/npm/package.json"), "utf8"));
  const text = readFileSync(join(ROOT, "docs/accessibility.md"), "utf8");
  assert.match(text, new RegExp(`^Version ${version.replaceAll(".", "\\.")}, \\d{1,2} \\w+ 20\\d\\d\\.$`, "m"));
  for (const heading of ["## What was tested", "## What was not tested", "## What is known to fall short"]) {
    assert.ok(text.includes(heading), heading);
  }
});

test("R35: the widget can be loaded where there is no page, as when a site is built", async () => {
  await import(pathToFileURL(join(SITE, "search/speir-widget.js")));
  assert.equal(globalThis.customElements, undefined);
});

/** A selector without what stands in its brackets, however deep. */
function withoutBrackets(selector) {
  let depth = 0;
  return [...selector]
    .filter((sign) => {
      if (sign === ")") depth -= 1;
      const isKept = depth === 0;
      if (sign === "(") depth += 1;
      return isKept;
    })
    .join("");
}
