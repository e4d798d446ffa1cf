// What the first page of results costs a reader, counted in the browser's own requests.
//
// Counts every file of Speir that is sent, as it is sent (brotli where the server has it);
// the page's own HTML, style and pictures are not Speir's and are printed beside it.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { brotliCompressSync } from "node:zlib";
import { search, setUp, SITE } from "./support/browser.mjs";

/** What the first page of results for the example's catalogue may cost, widget included. */
const MAX_FIRST_PAGE_BYTES = 100_000;
const MAX_FIRST_PAGE_REQUESTS = 6;

/** Bytes of the widget and its style sheet, brotli. */
const MAX_WIDGET_BYTES = 16_000;

const world = setUp();

test("the first results page costs at most 100 KB in at most 6 requests", async (t) => {
  const page = await world.open();
  await search(page, "integration toolkit");
  await page.locator(".speir-list").first().waitFor();
  const ours = world.site.log.filter(({ path }) => path.startsWith("/search/"));
  const rest = world.site.log.filter(({ path }) => !path.startsWith("/search/"));
  const sum = (entries) => entries.reduce((total, { bytes }) => total + bytes, 0);
  for (const { path, bytes } of ours) t.diagnostic(`${String(bytes).padStart(7)} bytes  ${path}`);
  t.diagnostic(
    `first results page: ${sum(ours)} bytes in ${ours.length} requests (budget ${MAX_FIRST_PAGE_BYTES} in ${MAX_FIRST_PAGE_REQUESTS})`,
  );
  t.diagnostic(`the page's own files, not counted: ${sum(rest)} bytes in ${rest.length} requests`);
  assert.ok(
    ours.every(({ status }) => status === 200),
    "every file is there",
  );
  assert.ok(sum(ours) <= MAX_FIRST_PAGE_BYTES, `${sum(ours)} bytes`);
  assert.ok(
    ours.length <= MAX_FIRST_PAGE_REQUESTS,
    `${ours.length} requests: ${ours.map(({ path }) => path).join(" ")}`,
  );
});

test("the widget with its style sheet is at most 16 KB in brotli", (t) => {
  const sizes = ["speir-widget.js", "speir-widget.css"].map(
    (name) => brotliCompressSync(readFileSync(join(SITE, "search", name))).length,
  );
  t.diagnostic(
    `speir-widget.js ${sizes[0]} + speir-widget.css ${sizes[1]} = ${sizes[0] + sizes[1]} bytes (budget ${MAX_WIDGET_BYTES})`,
  );
  assert.ok(sizes[0] + sizes[1] <= MAX_WIDGET_BYTES);
});
