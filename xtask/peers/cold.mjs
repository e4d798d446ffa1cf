// What a reader who comes for the first time downloads, and asks for, until something is shown.
//
// Counts in the server, bodies as they were sent. The page's own HTML and the bench's scripts do
// not count.

import { isCode } from "./engines.mjs";

/** The first page of ten for each query, every one in a fresh profile. */
export async function firstPages(world, queries) {
  const found = [];
  for (const text of queries) {
    const before = world.site.log.length;
    const shown = await world.visit(async (page) => {
      await page.evaluate(() => bench.start());
      return page.evaluate((text) => bench.ask(text), text);
    });
    found.push({ text, shown, ...count(world, before) });
  }
  return found;
}

/** What the second word of a query costs once the first has been searched: bytes of the index. */
export async function furtherWords(world, pairs) {
  const found = [];
  for (const [first, second] of pairs) {
    found.push(
      await world.visit(async (page) => {
        await page.evaluate(() => bench.start());
        await page.evaluate((text) => bench.ask(text), first);
        const before = world.site.log.length;
        await page.evaluate((text) => bench.ask(text), `${first} ${second}`);
        return count(world, before);
      }),
    );
  }
  return found;
}

/** What typing a word costs, a search for each letter and each waited for, after the engine's start. */
export async function typing(world, words) {
  const found = [];
  for (const word of words) {
    found.push(
      await world.visit(async (page) => {
        await page.evaluate(() => bench.start());
        const before = world.site.log.length;
        for (let n = 1; n <= word.length; n += 1) {
          await page.evaluate((text) => bench.ask(text, "prefix"), word.slice(0, n));
        }
        return count(world, before);
      }),
    );
  }
  return found;
}

/** What Speir's widget costs on a page that was opened with a query. */
export async function widgetPages(world, queries) {
  const found = [];
  for (const text of queries) {
    const before = world.site.log.length;
    await world.visit(
      (page) => page.locator(".speir-title").first().waitFor({ timeout: 30_000 }),
      `/bench/widget.html?q=${encodeURIComponent(text)}`,
    );
    found.push(count(world, before));
  }
  return found;
}

/** The engine's requests and bytes since a place in the log. */
function count({ site, engine }, from) {
  const sent = site.log.slice(from).filter(({ path }) => path.startsWith("/search/"));
  const sum = (some) => some.reduce((bytes, one) => bytes + one.bytes, 0);
  const [code, index] = [true, false].map((is) => sent.filter(({ path }) => isCode(engine, path) === is));
  return { code: sum(code), index: sum(index), requests: sent.length, index_requests: index.length };
}
