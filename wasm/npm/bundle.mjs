// Bundles the package's TypeScript into the files that browsers, bundlers and Node load.
//
// Knows the entry points, one a line. `cargo xtask dist` runs it, after it has written `glue/` and the
// wasm.

import { createHash } from "node:crypto";
import { copyFile, readdir, readFile, writeFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";

import { build, transform } from "esbuild";
import { minify } from "terser";

// What the element and the search in it run on: `core`'s wasm asks for Safari 15, and code for raw
// deflate comes with the ladder where the browser has none.
const BROWSERS = ["chrome96", "firefox91", "safari15"];

/** What the licence of the one package that is bundled asks for. */
const LICENCE = await readFile(new URL("node_modules/fflate/LICENSE", import.meta.url), "utf8");
const FFLATE = `/*! What inflates is fflate.\n\n${LICENCE}*/`;

/** Names within `speir.js` that are shortened, as neither a caller nor the ladder has them. */
const OWN_NAMES = /^(chunkName|supply|arriving|inflate|imports|source|start|Engine|__wbg_ptr)$/;

const entries = [
  { entry: "src/index.ts", file: "speir.js", target: BROWSERS, own: OWN_NAMES },
  { entry: "src/ladder.ts", file: "speir-ladder.js", target: BROWSERS, banner: FFLATE },
  { entry: "src/worker.ts", file: "speir-worker.js", target: BROWSERS },
  { entry: "src/js.ts", file: "speir-engine.js", target: BROWSERS },
  { entry: "src/inline.ts", file: "inline.js", target: BROWSERS },
  { entry: "src/workerd.ts", file: "workerd.js", target: "es2022", wasmStays: true },
  { entry: "src/node.ts", file: "node.js", target: "node20", platform: "node" },
  { entry: "widget/element.ts", file: "element.js", target: BROWSERS },
  { entry: "widget/define.ts", file: "speir-widget.js", target: BROWSERS },
  { entry: "widget/widget.css", file: "speir-widget.css", target: BROWSERS },
  { entry: "widget/extras.ts", file: "speir-extras.js", target: BROWSERS },
  { entry: "widget/suggest.ts", file: "speir-suggest.js", target: BROWSERS },
  { entry: "widget/theme.ts", file: "speir-theme.js", target: BROWSERS },
  { entry: "widget/speir-box.ts", file: "speir-box.js", target: BROWSERS },
  { entry: "widget/highlight.ts", file: "speir-highlight.js", target: BROWSERS },
];

/**
 * Names within the widget that are shortened, as no page, record, option or node has them: 0.4 KB of
 * every page's first search.
 */
const OWN_WIDGET_NAMES = new RegExp(
  `^(?:${`
    active activeFilters answered apply area arrange ask asking authored begin box busy
    cards check clean come context current deadline either element extra extras fail fetchTexts fieldset
    findLabel findRow focusActive hasGivenUp help history inForce instant instead isChanged isEmpty
    isExpanded isOpen isReturn isSynced isTyped journey keepText known legend link links listen
    listening memory missing names offer order pageSize panel params part parts placePanel prefix prepare problem read ready
    refresh
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
  "./ladder.ts": "./speir-ladder.js",
  "./js.ts": "./speir-engine.js",
  "./extras.ts": "./speir-extras.js",
  "./suggest.ts": "./speir-suggest.js",
  "./theme.ts": "./speir-theme.js",
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

/** For runtimes that import wasm by themselves. */
const wasmApart = {
  name: "wasm-apart",
  setup(plugin) {
    plugin.onResolve({ filter: /\.wasm$/ }, () => ({ path: "./speir.wasm", external: true }));
  },
};

/** A sheet that a script imports becomes text in it, as small as the sheets that pages link. */
const sheets = {
  name: "sheets",
  setup(plugin) {
    plugin.onLoad({ filter: /(?:suggest|highlight|theme)\.css$/ }, async ({ path }) => {
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
  const options = { ecma: 2020, module: true, compress: { passes: 3 }, format: { comments: /^!/ } };
  const { code } = await minify(await readFile(url, "utf8"), options);
  await writeFile(url, code);
}

for (const { entry, file, target, own, banner = "", wasmStays = false, platform = "browser" } of entries) {
  const isWidget = entry.startsWith("widget/") && entry.endsWith(".ts");
  const built = await build({
    absWorkingDir: fileURLToPath(new URL(".", import.meta.url)),
    entryPoints: [entry],
    outfile: `dist/${file}`,
    bundle: true,
    plugins: [apart, sheets, ...(wasmStays ? [wasmApart] : [])],
    loader: { ".wasm": "binary" },
    banner: { js: banner },
    format: "esm",
    platform,
    target,
    // Of the widget `shrink` shortens names and space alone, and does it better than after this.
    minifySyntax: true,
    minifyWhitespace: !isWidget,
    minifyIdentifiers: !isWidget,
    ...(own && { mangleProps: own }),
    ...(isWidget ? { mangleProps: OWN_WIDGET_NAMES, mangleCache } : {}),
    legalComments: "none",
    charset: "utf8",
    logLevel: "warning",
  });
  if (isWidget) mangleCache = built.mangleCache ?? mangleCache;
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

// The hash of each file that a page may load, as `integrity` wants it (W3C, Subresource Integrity).
const dist = new URL("dist/", import.meta.url);
const names = (await readdir(dist)).filter((name) => /^speir.*\.(js|css|wasm)$/.test(name)).sort();
const hashes = {};
for (const name of names) {
  const bytes = await readFile(new URL(name, dist));
  hashes[name] = `sha384-${createHash("sha384").update(bytes).digest("base64")}`;
}
await writeFile(new URL("integrity.json", dist), `${JSON.stringify(hashes, null, 2)}\n`);
