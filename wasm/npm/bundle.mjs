// Bundles the package's TypeScript into the files that browsers, bundlers and Node load.
//
// Knows the entry points, one a line. `cargo xtask dist` runs it, after it has written `glue/`.

import { copyFile, readdir, readFile, writeFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";

import { build, transform } from "esbuild";
import { minify } from "terser";

// The same floor as `DecompressionStream("deflate-raw")` asks for, and a little below.
const BROWSERS = ["chrome103", "firefox113", "safari16.4"];

const entries = [
  { entry: "src/index.ts", file: "speir.js", target: BROWSERS },
  { entry: "src/node.ts", file: "node.js", target: "node20", platform: "node" },
  { entry: "widget/element.ts", file: "element.js", target: BROWSERS },
  { entry: "widget/define.ts", file: "speir-widget.js", target: BROWSERS },
  { entry: "widget/widget.css", file: "speir-widget.css", target: BROWSERS },
  { entry: "widget/extras.ts", file: "speir-extras.js", target: BROWSERS },
  { entry: "widget/suggest.ts", file: "speir-suggest.js", target: BROWSERS },
  { entry: "widget/speir-box.ts", file: "speir-box.js", target: BROWSERS },
  { entry: "widget/highlight.ts", file: "speir-highlight.js", target: BROWSERS },
];

/**
 * Names within the widget that are shortened, as no page, record, option or node has them: 0.4 KB of
 * every page's first search.
 */
const OWN_NAMES = new RegExp(
  `^(?:${`
    active activeFilters answered apply area arrange ask asking authored begin better box busy
    cards check clean come context current deadline either element extra extras fail fieldset
    findLabel findRow focusActive hasGivenUp help history inForce instant isChanged isEmpty
    isExpanded isOpen isReturn isSynced isTyped journey keepText known legend link links listen
    listening memory missing names offer order pageSize panel part placePanel prepare problem read
    relabel remember reset rest results row run say settings showList side skip status summary
    table tell texts told update wait waiting without worded write
  `
    .trim()
    .split(/\s+/)
    .join("|")})$`,
);

/** Scripts that stay files of their own: what is fetched at the first use, or only where it is wanted. */
const APART = {
  "src/index.ts": "./speir.js",
  "./extras.ts": "./speir-extras.js",
  "./suggest.ts": "./speir-suggest.js",
};

const apart = {
  name: "apart",
  setup(plugin) {
    plugin.onResolve({ filter: /\.ts$/ }, ({ kind, path }) => {
      if (kind !== "dynamic-import") return undefined;
      const [, file] = Object.entries(APART).find(([entry]) => path.endsWith(entry)) ?? [];
      return file && { path: file, external: true };
    });
  },
};

/** A sheet that a script imports becomes text in it, as small as the sheets that pages link. */
const sheets = {
  name: "sheets",
  setup(plugin) {
    plugin.onLoad({ filter: /(?:suggest|highlight)\.css$/ }, async ({ path }) => {
      const css = await readFile(path, "utf8");
      const { code } = await transform(css, { loader: "css", minify: true, target: BROWSERS });
      return { contents: code.trim(), loader: "text" };
    });
  },
};

/** What names became, so that they are the same in all files that call each other. */
let mangleCache = {};

/** What esbuild leaves: 0.3 KB of the widget and 0.2 KB of the engine's script, with brotli. */
async function shrink(file) {
  const url = new URL(`dist/${file}`, import.meta.url);
  const options = { ecma: 2020, module: true, compress: { passes: 3 }, format: { comments: false } };
  const { code } = await minify(await readFile(url, "utf8"), options);
  await writeFile(url, code);
}

for (const { entry, file, target, platform = "browser" } of entries) {
  const isWidget = entry.startsWith("widget/") && entry.endsWith(".ts");
  const built = await build({
    absWorkingDir: fileURLToPath(new URL(".", import.meta.url)),
    entryPoints: [entry],
    outfile: `dist/${file}`,
    bundle: true,
    plugins: [apart, sheets],
    format: "esm",
    platform,
    target,
    // Of the widget `shrink` shortens names and space alone, and does it better than after this.
    minifySyntax: true,
    minifyWhitespace: !isWidget,
    minifyIdentifiers: !isWidget,
    ...(isWidget ? { mangleProps: OWN_NAMES, mangleCache } : {}),
    legalComments: "none",
    charset: "utf8",
    logLevel: "warning",
  });
  mangleCache = built.mangleCache ?? mangleCache;
  if (platform === "browser" && file.endsWith(".js")) await shrink(file);
}

// The texts of each language but English, a module each: `speir-cy.js`.
const locales = new URL("locales/", import.meta.url);
for (const name of await readdir(locales)) {
  await build({
    entryPoints: [fileURLToPath(new URL(name, locales))],
    outfile: fileURLToPath(new URL(`dist/speir-${name.replace(/json$/, "js")}`, import.meta.url)),
    format: "esm",
    target: BROWSERS,
    minify: true,
    charset: "utf8",
    logLevel: "warning",
  });
}

// For bundlers `speir/define` is the page's own file, the class and its name in one.
await copyFile(new URL("dist/speir-widget.js", import.meta.url), new URL("dist/define.js", import.meta.url));
