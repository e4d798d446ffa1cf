// Takes the screenshots of `cargo xtask shots`: every example page, state, width and medium.
//
//   SPEIR_CHROMIUM=/path/to/chromium node shots.mjs FOLDER [PART OF A NAME]
//
// A picture is named PAGE/STATE-LOOK.png. Pages, states and how they are reached are the browser tests'.

import { mkdirSync } from "node:fs";
import { join } from "node:path";

import { launch } from "../../tests/browser/support/chromium.mjs";
import { serve } from "../../tests/browser/support/server.mjs";
import { addPages, checkBuilt, FOLDER, inArabic, PAGES, reach, statesOf } from "../../tests/browser/support/states.mjs";

const [folder, part = ""] = process.argv.slice(2);

const size = (width, height) => ({ viewport: { width, height } });

/** Widths that every state is looked at in, and media that are worth it where there are results. */
const WIDTHS = { 320: size(320, 640), 768: size(768, 1024), 1280: size(1280, 900) };
const MEDIA = {
  zoom: size(320, 256),
  dark: { ...size(1280, 900), colorScheme: "dark" },
  forced: { ...size(1280, 900), forcedColors: "active" },
  rtl: size(1280, 900),
  "rtl-320": size(320, 640),
  print: size(720, 1000),
};
const IN_MEDIA = new Set(["results", "all kinds of records", "facets", "suggestions"]);

checkBuilt();
const site = await serve(FOLDER);
addPages(site);
const browser = await launch();
let n = 0;
try {
  for (const [name, path] of Object.entries(PAGES)) {
    mkdirSync(join(folder, name), { recursive: true });
    for (const state of statesOf(name)) {
      const looks = { ...WIDTHS, ...(IN_MEDIA.has(state) ? MEDIA : {}) };
      for (const [look, options] of Object.entries(looks)) {
        const file = join(name, `${state.replaceAll(" ", "-")}-${look}.png`);
        if (!file.includes(part)) continue;
        await shoot(look.startsWith("rtl") ? inArabic(path) : path, state, look, options, join(folder, file));
        n += 1;
      }
    }
  }
} finally {
  await browser.close();
  await site.close();
}
console.log(`${n} pictures in ${folder}`);

async function shoot(path, state, look, options, file) {
  site.reset();
  const context = await browser.newContext(options);
  try {
    const page = await context.newPage();
    await reach(page, site, path, state);
    if (look === "print") await page.emulateMedia({ media: "print" });
    // Covers are fetched where they come into view.
    await page.evaluate(() => {
      for (const image of document.images) image.loading = "eager";
      return Promise.all([...document.images].map((image) => image.decode().catch(() => undefined)));
    });
    // What lies above the page, and what a small window shows, is seen as the window has it.
    await page.screenshot({ path: file, fullPage: state !== "suggestions" && look !== "zoom" });
  } finally {
    await context.close();
  }
}
