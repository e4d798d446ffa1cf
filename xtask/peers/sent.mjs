// How many bytes a file is on its way to the reader.
//
// Knows which files a static host compresses. Remembers what it has compressed by path and length.

import { extname } from "node:path";
import { brotliCompressSync, constants } from "node:zlib";

const COMPRESSED = new Set([".html", ".js", ".mjs", ".css", ".json", ".wasm", ".svg"]);

/** From this many bytes on brotli works at level 9, not 11: level 11 takes minutes for one index. */
const LARGE_BYTES = 8_000_000;

const known = new Map();

/** A file's bytes as they are sent, and whether they were compressed for that. */
export function packed(path, raw) {
  if (!COMPRESSED.has(extname(path))) return [raw, false];
  const key = `${path} ${raw.length}`;
  let body = known.get(key);
  if (body === undefined) {
    const quality = raw.length < LARGE_BYTES ? 11 : 9;
    body = brotliCompressSync(raw, {
      params: { [constants.BROTLI_PARAM_QUALITY]: quality, [constants.BROTLI_PARAM_LGWIN]: 22 },
    });
    known.set(key, body);
  }
  return [body, true];
}
