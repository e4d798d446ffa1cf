// A real Chromium, with a fresh profile for every page.
//
// SPEIR_CHROMIUM names it. Playwright is the one that the browser tests have.

import { createRequire } from "node:module";
import { fileURLToPath } from "node:url";

const tests = fileURLToPath(new URL("../../tests/browser/package.json", import.meta.url));
const { chromium } = createRequire(tests)("playwright-core");

const FLAGS = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
  // Lets a page be told its memory at once, and not after a wait of up to a minute.
  "--enable-blink-features=ForceEagerMeasureMemory",
];

/** Longest wait for a page: the largest index takes a minute to load. */
const WAIT_MS = 300_000;

/** Starts the browser; `visit` opens an address in a profile of its own, calls back, and forgets it. */
export async function launch() {
  const browser = await chromium.launch({ executablePath: process.env.SPEIR_CHROMIUM, args: FLAGS });
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
