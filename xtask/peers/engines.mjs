// What is to be known of each engine's folder: which files are its code, and which are not used.

const CODE = {
  speir: /\.(js|wasm)$/,
  minisearch: /\.js$/,
  pagefind: /(\.js|\/wasm\.[a-z-]+\.pagefind)$/,
};

/** Files that a page with an interface of its own never asks for. */
const UNUSED = {
  speir: /^(browse\/|speir-widget\.)/,
  minisearch: /^$/,
  pagefind: /-ui\.(js|css)$|-highlight\.js$|component/,
};

/** True for a path of the engine's code, false for one of its index. */
export const isCode = (engine, path) => CODE[engine].test(path);

/** True for a file of the folder that a search may ask for. */
export const isUsed = (engine, name) => !UNUSED[engine].test(name);
