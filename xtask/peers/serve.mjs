// A static server on loopback that counts what it sends.
//
// Sends what is text, JSON or wasm with brotli, as a site that compresses its files once, and all
// else as it is. Isolates the page from other sites, so that it may read a fine clock and its own
// memory. Never follows a path out of its folders.

import { readFile } from "node:fs/promises";
import { createServer } from "node:http";
import { extname, join, normalize, sep } from "node:path";
import { packed } from "./sent.mjs";

const TYPES = {
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript; charset=utf-8",
  ".mjs": "text/javascript; charset=utf-8",
  ".css": "text/css; charset=utf-8",
  ".json": "application/json",
  ".wasm": "application/wasm",
};

const HEADERS = {
  "cache-control": "max-age=600",
  "cross-origin-opener-policy": "same-origin",
  "cross-origin-embedder-policy": "require-corp",
  "cross-origin-resource-policy": "same-origin",
};

/**
 * Serves folders at paths: `{ "/search/": folder }`. `log` has `{ path, bytes }` of what was sent;
 * `before` may hold a text that goes before a path's file.
 */
export async function serve(folders) {
  const site = { url: "", log: [], before: {}, close: () => ending() };

  async function answer(request, response) {
    const path = decodeURIComponent(new URL(request.url, "http://localhost").pathname);
    let raw = await read(folders, path);
    if (raw === null) {
      if (path !== "/favicon.ico") site.log.push({ path, bytes: 0 });
      response.writeHead(404, HEADERS);
      response.end();
      return;
    }
    if (site.before[path]) raw = Buffer.concat([Buffer.from(site.before[path]), raw]);
    let [body, isPacked] = packed(path, raw);
    const [, from, to] = /^bytes=(\d+)-(\d+)$/.exec(request.headers.range ?? "") ?? [];
    const isPart = from !== undefined && !isPacked;
    const whole = body.length;
    if (isPart) body = body.subarray(Number(from), Number(to) + 1);
    site.log.push({ path, bytes: body.length });
    response.writeHead(isPart ? 206 : 200, {
      ...HEADERS,
      ...(isPart && { "content-range": `bytes ${from}-${to}/${whole}` }),
      ...(isPacked && { "content-encoding": "br" }),
      "content-type": TYPES[extname(path)] ?? "application/octet-stream",
      "content-length": body.length,
    });
    response.end(body);
  }

  const server = createServer((request, response) => {
    answer(request, response).catch((error) => response.destroy(error));
  });
  const ending = () => {
    server.closeAllConnections();
    return new Promise((done) => server.close(done));
  };
  await new Promise((done) => server.listen(0, "127.0.0.1", done));
  site.url = `http://127.0.0.1:${server.address().port}`;
  return site;
}

async function read(folders, path) {
  for (const [prefix, folder] of Object.entries(folders)) {
    if (!path.startsWith(prefix)) continue;
    const file = normalize(join(folder, path.slice(prefix.length)));
    return file.startsWith(folder + sep) ? readFile(file).catch(() => null) : null;
  }
  return null;
}
