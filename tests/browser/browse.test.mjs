// The static pages of `browse/`: whole without scripts, accessible, and a search where there are any.
//
// Builds an index with the command line, and opens its pages under a strict policy.

import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { ROOT, WAIT_MS, axe } from "./support/browser.mjs";
import { launch } from "./support/chromium.mjs";
import { serve } from "./support/server.mjs";

const SPEIR = process.env.SPEIR_COMMAND ?? join(ROOT, "target/release/speir");
const TYPES = ["report", "toolkit", "briefing"];

let folder;
let browser;
let site;

before(async () => {
  folder = mkdtempSync(join(tmpdir(), "speir-browse-"));
  const records = Array.from({ length: 120 }, (_, at) => ({
    id: `r${at}`,
    url: `/records/${at}/`,
    title: `${String.fromCharCode(65 + (at % 26))} guide to w${at}`,
    lang: at % 10 === 3 ? "cy" : at % 10 === 7 ? "ar" : "en",
    type: TYPES[at % 3],
    organisations: [`Body ${at % 40}`],
    downloads: [{ url: `/files/${at}.pdf`, format: "PDF", bytes: 100_000 + at }],
  }));
  writeFileSync(join(folder, "records.json"), JSON.stringify(records));
  execFileSync(SPEIR, ["build", join(folder, "records.json"), "--lang", "en", "--out", join(folder, "site/search")]);
  site = await serve(join(folder, "site"));
  browser = await launch();
});

after(async () => {
  await browser?.close();
  await site?.close();
  if (folder) rmSync(folder, { recursive: true, force: true });
});

async function open(path, options = {}) {
  const context = await browser.newContext(options);
  const page = await context.newPage();
  page.setDefaultTimeout(WAIT_MS);
  await page.goto(site.url + path);
  return { page, close: () => context.close() };
}

test("without JavaScript every record is at most three links away, by links alone", async () => {
  const { page, close } = await open("search/browse/", { javaScriptEnabled: false });
  const seen = new Set();
  let front = [page.url()];
  for (let clicks = 1; clicks <= 3; clicks += 1) {
    const next = new Set();
    for (const url of front) {
      await page.goto(url);
      const links = await page.locator("a[href]").evaluateAll((found) => found.map((link) => link.href));
      for (const link of links) {
        if (link.includes("/records/")) seen.add(new URL(link).pathname);
        else if (clicks < 3 && link.includes("/browse/") && !link.includes("#")) next.add(link);
      }
    }
    front = [...next];
    if (seen.size === 120) break;
  }
  assert.equal(seen.size, 120);
  await close();
});

test("the pages are accessible in every language, at every width", async () => {
  for (const [path, width] of [
    ["search/browse/", 1280],
    ["search/browse/cy/", 320],
    ["search/browse/ar/", 768],
    ["search/browse/type/report.html", 320],
    ["search/browse/letter/a.html", 1280],
  ]) {
    const { page, close } = await open(path, { viewport: { width, height: 800 } });
    assert.deepEqual(await axe(page), [], path);
    const overflow = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
    assert.ok(overflow <= 0, `${path} at ${width} px is ${overflow} px too wide`);
    await close();
  }
});

test("with JavaScript the first page answers a form that leads there", async () => {
  const { page, close } = await open("search/browse/?q=toolkit");
  await page.locator(".speir-title").first().waitFor();
  assert.match(await page.locator("#speir-q").inputValue(), /toolkit/);
  await close();
});
