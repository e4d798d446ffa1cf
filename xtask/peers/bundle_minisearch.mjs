// Writes MiniSearch as one minified module, as a site would serve it.
//
//   node bundle_minisearch.mjs FOLDER

import { createRequire } from "node:module";
import { fileURLToPath } from "node:url";

const npm = fileURLToPath(new URL("../../wasm/npm/package.json", import.meta.url));
const { buildSync } = createRequire(npm)("esbuild");

const [folder] = process.argv.slice(2);
buildSync({
  stdin: {
    contents: 'export { default } from "minisearch";',
    resolveDir: fileURLToPath(new URL(".", import.meta.url)),
  },
  outfile: `${folder}/minisearch.js`,
  bundle: true,
  format: "esm",
  minify: true,
  logLevel: "error",
});
