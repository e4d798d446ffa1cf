// A real Chromium, started as on a machine without a screen and without other sites.
//
// SPEIR_CHROMIUM names it (default /usr/bin/chromium). Knows no site and no test.

import { existsSync } from "node:fs";
import { chromium } from "playwright-core";

const CHROMIUM = process.env.SPEIR_CHROMIUM ?? "/usr/bin/chromium";

const FLAGS = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

/** Starts a browser, with more flags if they are given. */
export function launch(more = []) {
  if (!existsSync(CHROMIUM)) {
    throw new Error(
      `${CHROMIUM} is missing: install Chromium (apt-get install chromium), or set SPEIR_CHROMIUM`,
    );
  }
  return chromium.launch({ executablePath: CHROMIUM, args: [...FLAGS, ...more] });
}
