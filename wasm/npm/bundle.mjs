// Bundles the package's TypeScript into the files that browsers, bundlers and Node load.
//
// Knows the entry points, one a line. `cargo xtask dist` runs it, after it has written `glue/`.

import { copyFile, readdir } from "node:fs/promises";
import { fileURLToPath } from "node:url";

import { build } from "esbuild";

// The same floor as `DecompressionStream("deflate-raw")` asks for, and a little below.
const BROWSERS = ["chrome103", "firefox113", "safari16.4"];

const entries = [
  { entry: "src/index.ts", file: "speir.js", target: BROWSERS },
  { entry: "src/node.ts", file: "node.js", target: "node20", platform: "node" },
  { entry: "widget/element.ts", file: "element.js", target: BROWSERS },
  { entry: "widget/define.ts", file: "speir-widget.js", target: BROWSERS },
  { entry: "widget/widget.css", file: "speir-widget.css", target: BROWSERS },
];

/**
 * Names within the widget that are shortened, as no page, record or option has them: 0.2 KB of every
 * page's first search.
 */
const OWN_NAMES =
  /^(say|texts|context|relabel|journey|panel|findLabel|findRow|isExpanded|listening|asking|deadline|answered|isOpen|hasGivenUp|showList|placePanel|inForce|arrange|worded|authored|isSynced|isTyped|isChanged|keepText|remember|pageSize|activeFilters|headingLevel)$/;

/** The engine's script stays a file of its own: the widget loads it at the first use. */
const engineApart = {
  name: "engine-apart",
  setup(plugin) {
    plugin.onResolve({ filter: /src\/index\.ts$/ }, ({ kind }) =>
      kind === "dynamic-import" ? { path: "./speir.js", external: true } : undefined,
    );
  },
};

for (const { entry, file, target, platform = "browser" } of entries) {
  await build({
    absWorkingDir: fileURLToPath(new URL(".", import.meta.url)),
    entryPoints: [entry],
    outfile: `dist/${file}`,
    bundle: true,
    plugins: [engineApart],
    format: "esm",
    platform,
    target,
    minify: true,
    ...(entry.startsWith("widget/") && entry.endsWith(".ts") ? { mangleProps: OWN_NAMES } : {}),
    legalComments: "none",
    charset: "utf8",
    logLevel: "warning",
  });
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
