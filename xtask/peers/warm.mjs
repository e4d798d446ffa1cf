// How fast an engine answers once it is there, and how much memory its page holds.

import { readFileSync } from "node:fs";

/** Workers are given this before their own script, as only from within can their wasm be measured. */
const HOOK = readFileSync(new URL("page/wasm_memory.js", import.meta.url), "utf8");

const WORKERS = ["/search/pagefind-worker.js"];

/** Times every row of queries in one page: `{ rows, memory_first, memory_all }`. */
export async function warm(world, { first, rows }) {
  for (const path of WORKERS) world.site.before[path] = `${HOOK}\n`;
  const result = { rows: {} };
  await world.visit(async (page) => {
    await page.evaluate(() => bench.start());
    await page.evaluate((text) => bench.ask(text), first[0]);
    result.memory_first = await memory(page);
    for (const [row, texts] of Object.entries(rows)) {
      if (row === "facets" && world.engine === "minisearch") continue;
      result.rows[row] = await page.evaluate(([texts, row]) => bench.time(texts, row), [texts, row]);
    }
    result.memory_all = await memory(page);
  });
  world.site.before = {};
  return result;
}

/** Bytes of the page and its workers: what the browser tells of JavaScript, and wasm besides. */
async function memory(page) {
  const script = await page.evaluate(() => bench.memory());
  const wasm = await Promise.all(
    [page, ...page.workers()].map((each) => each.evaluate(() => globalThis.wasmBytes?.() ?? 0)),
  );
  return script + wasm.reduce((sum, bytes) => sum + bytes, 0);
}
