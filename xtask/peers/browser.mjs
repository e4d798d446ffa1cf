// A real Chromium, with a fresh profile for every page.
//
// It is the one that the browser tests have.

import { launch as start } from "../../tests/browser/support/chromium.mjs";

/** Lets a page be told its memory at once, and not after a wait of up to a minute. */
const MEMORY_AT_ONCE = "--enable-blink-features=ForceEagerMeasureMemory";

/** Longest wait for a page: the largest index takes a minute to load. */
const WAIT_MS = 300_000;

/** Starts the browser; `visit` opens an address in a profile of its own, calls back, and forgets it. */
export async function launch() {
  const browser = await start([MEMORY_AT_ONCE]);
  return {
    version: browser.version(),
    async visit(address, use) {
      const context = await browser.newContext();
      try {
        const page = await context.newPage();
        page.setDefaultTimeout(WAIT_MS);
        const faults = [];
        page.on("pageerror", (error) => faults.push(error.message));
        await page.goto(address);
        const used = await use(page);
        if (faults.length > 0) throw new Error(`${address}: ${faults.join("; ")}`);
        return used;
      } finally {
        await context.close();
      }
    },
    close: () => browser.close(),
  };
}
