// Does `speir build` tell what the first page of results really costs?
//
// Builds an index with the command line, asks in a fresh browser the very queries that the report
// names, and counts the bytes that the server sent. Knows the report's keys and the element.

import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { ROOT, WAIT_MS } from "./support/browser.mjs";
import { launch } from "./support/chromium.mjs";
import { serve } from "./support/server.mjs";

const SPEIR = process.env.SPEIR_COMMAND ?? join(ROOT, "target/release/speir");

/** How far the figure may be from what the browser fetches: brotli differs a little by who made it. */
const MAX_DIFFERENCE = 0.02;

let folder;
let browser;

before(async () => {
  if (!existsSync(SPEIR)) {
    throw new Error(`${SPEIR} is missing: run \`cargo xtask dist\`, or set SPEIR_COMMAND`);
  }
  folder = mkdtempSync(join(tmpdir(), "speir-gate-"));
  browser = await launch();
});

after(async () => {
  await browser?.close();
  if (folder) rmSync(folder, { recursive: true, force: true });
});

/** Publishes records; gives the report of `speir build`. */
function publish(name, records) {
  const source = join(folder, `${name}.json`);
  writeFileSync(source, JSON.stringify(records));
  const search = join(folder, name, "search");
  return JSON.parse(execFileSync(SPEIR, ["build", source, "--out", search, "--lang", "en", "--json"]));
}

/** What a fresh browser fetches of Speir until the results for a query are shown. */
async function fetched(name, query, facets, rule = {}) {
  const site = await serve(join(folder, name));
  site.rule(/\.bin$/, rule);
  const context = await browser.newContext();
  try {
    site.add(
      "/index.html",
      `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Records</title>
<link rel="icon" href="data:,">
<link rel="stylesheet" href="/search/speir-widget.css">
<script type="module" src="/search/speir-widget.js"></script></head>
<body><speir-search src="/search/" facets="${facets.join(" ")}">
<form action="/" role="search"><label for="q">Search</label><input id="q" name="q" type="search"></form>
</speir-search></body></html>`,
    );
    const page = await context.newPage();
    page.setDefaultTimeout(WAIT_MS);
    await page.goto(`${site.url}?q=${encodeURIComponent(query)}`);
    await page.locator(".speir-list").first().waitFor();
    const ours = site.log.filter(({ path }) => path.startsWith("/search/"));
    const answered = rule.whole ? [200] : [200, 206];
    assert.deepEqual(ours.filter(({ status }) => !answered.includes(status)), []);
    const titles = await page.locator(".speir-title").allTextContents();
    return { bytes: ours.reduce((sum, entry) => sum + entry.bytes, 0), requests: ours.length, titles };
  } finally {
    await context.close();
    await site.close();
  }
}

/** Asks the queries that a report names, and compares. */
async function check(t, name, records) {
  const { firstSearch } = publish(name, records);
  const { bytes, bytesQuery, requests, requestsQuery, costliest, facets, percentile } = firstSearch;
  assert.equal(percentile, 95);
  for (const [query, figure, of] of [
    [bytesQuery, bytes, "bytes"],
    [requestsQuery, requests, "requests"],
    [costliest.query, costliest.bytes, "bytes"],
  ]) {
    const real = (await fetched(name, query, facets))[of];
    t.diagnostic(`${name}, "${query}": ${figure} ${of} told, ${real} fetched`);
    const mayDiffer = of === "bytes" ? MAX_DIFFERENCE * real : 0;
    assert.ok(Math.abs(figure - real) <= mayDiffer, `${figure} ${of} told, ${real} fetched`);
  }
}

/** Made-up records, each with words of its own and shared ones. */
function records(n) {
  const word = (at) => `w${at % 4001}`;
  return Array.from({ length: n }, (_, at) => ({
    id: `r${at}`,
    title: `Housing ${word(at * 7)} and ${word(at * 13)}`,
    body: Array.from({ length: 60 }, (_, place) => word(at * 31 + place * 17)).join(" "),
    type: at % 2 ? "report" : "guide",
    year: 2000 + (at % 20),
  }));
}

test("a small index costs what the build says", (t) => check(t, "small", records(60)));

test("a larger index costs what the build says", (t) => check(t, "larger", records(3000)));

test("a server that sends no parts of files is searched all the same, for more bytes", async () => {
  const parts = await fetched("larger", "housing w77", ["type"]);
  const whole = await fetched("larger", "housing w77", ["type"], { whole: true });
  assert.deepEqual(whole.titles, parts.titles);
  assert.equal(whole.titles.length, 10);
  assert.ok(whole.bytes > parts.bytes, `${whole.bytes} bytes whole, ${parts.bytes} in parts`);
});

test("a build over its budget fails and publishes nothing", () => {
  const source = join(folder, "over.json");
  writeFileSync(source, JSON.stringify(records(60)));
  const out = join(folder, "over");
  const args = ["build", source, "--out", out, "--json", "--budget", "first-search=50KB"];
  assert.throws(
    () => execFileSync(SPEIR, args, { stdio: "pipe" }),
    ({ status, stderr }) => status === 1 && JSON.parse(stderr).error.code === "over-budget",
  );
  assert.ok(!existsSync(out));
});
