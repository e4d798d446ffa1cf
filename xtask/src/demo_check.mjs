// Searches the demo once in a real browser: types a word, submits, waits for a result.
//
//   SPEIR_CHROMIUM=/path/to/chromium node demo_check.mjs ADDRESS

import { createRequire } from "node:module";
import { fileURLToPath } from "node:url";

const tests = fileURLToPath(new URL("../../tests/browser/package.json", import.meta.url));
const { chromium } = createRequire(tests)("playwright-core");

const QUERY = "integration toolkit";
const LIMIT_MS = 20_000;

const [address] = process.argv.slice(2);
const browser = await chromium.launch({
  executablePath: process.env.SPEIR_CHROMIUM,
  args: ["--no-sandbox", "--disable-gpu", "--disable-background-networking"],
});
try {
  const page = await browser.newPage();
  const problems = [];
  page.on("pageerror", (error) => problems.push(`error in the page: ${error.message}`));
  page.on("console", (message) => {
    if (message.type() === "error") problems.push(`the console says: ${message.text()}`);
  });
  await page.goto(address);
  const box = page.locator("speir-search input[type=search]").first();
  await box.fill(QUERY);
  await box.press("Enter");
  const hit = page.locator("speir-search ol li :is(h2, h3, h4) a").first();
  await hit.waitFor({ timeout: LIMIT_MS });
  const title = (await hit.textContent())?.trim();
  if (problems.length > 0) throw new Error(problems.join("\n"));
  if (!title) throw new Error("the first result has no title");
  console.log(`${address} searched for "${QUERY}": the first result is "${title}".`);
} finally {
  await browser.close();
}
