// A static server for one folder, on loopback, that can be told to misbehave.
//
// Serves as a careful council would: brotli where it is accepted, and a strict content
// security policy with every file. Counts what it sends. Pages that exist only for a test
// are added by `add` and lie beside the folder's own. Never follows a path out of the folder.

import { readFile } from "node:fs/promises";
import { createServer } from "node:http";
import { extname, join, normalize, sep } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { brotliCompressSync } from "node:zlib";

/** What the issue asks the page to work under. */
export const POLICY =
  "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; img-src 'self'; connect-src 'self'; form-action 'self'";

const TYPES = {
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript; charset=utf-8",
  ".css": "text/css; charset=utf-8",
  ".json": "application/json",
  ".wasm": "application/wasm",
  ".svg": "image/svg+xml",
  ".csv": "text/csv; charset=utf-8",
  ".bin": "application/octet-stream",
};

/** The same for a page that may compile no wasm. */
export const POLICY_WITHOUT_WASM = POLICY.replace(" 'wasm-unsafe-eval'", "");

/** Endings that are sent in brotli; chunks are compressed already. */
const COMPRESSED = new Set([".html", ".js", ".css", ".json", ".wasm", ".svg"]);

/** Starts a server for a folder. */
export async function serve(folder) {
  const added = new Map();
  const packed = new Map();
  const site = {
    /** The address, with a slash at its end. */
    url: "",
    /** What was asked for since `reset`: `{ path, status, bytes }`, bytes as they were sent. */
    log: [],
    /** The policy that goes with every file. */
    policy: POLICY,
    /** `[pattern, rule]`: rules are `delay_ms`, `hang`, `status`, `type`, `cut` (bytes kept), `flip` (byte changed), `whole` (never a part), `policy` (in place of the site's; `null` for none). */
    rules: [],
    /** Serves a text at a path. */
    add: (path, text) => added.set(path, Buffer.from(text)),
    /** Makes the files whose path fits a pattern misbehave, until `reset`. */
    rule: (pattern, rule) => site.rules.push([pattern, rule]),
    /** Behaves again and counts from the start. */
    reset() {
      site.rules = [];
      site.log = [];
      site.policy = POLICY;
    },
    /** Ends the server and its connections. */
    close() {
      server.closeAllConnections();
      return new Promise((done) => server.close(done));
    },
  };

  async function answer(request, response) {
    const path = decodeURIComponent(new URL(request.url, "http://localhost").pathname);
    const name = path.endsWith("/") ? `${path}index.html` : path;
    const rule = Object.assign(
      {},
      ...site.rules.filter(([pattern]) => pattern.test(path)).map(([, rule]) => rule),
    );
    const policy = rule.policy === undefined ? site.policy : rule.policy;
    const guarded = policy === null ? {} : { "content-security-policy": policy };
    const entry = { path, status: 0, bytes: 0 };
    site.log.push(entry);
    if (rule.delay_ms) await sleep(rule.delay_ms);
    if (rule.hang) return;

    let body = added.get(name) ?? (await read(folder, name));
    if (!body || rule.status) {
      entry.status = rule.status ?? 404;
      response.writeHead(entry.status, { "content-type": "text/plain", ...guarded });
      response.end("not here\n");
      return;
    }
    if (rule.cut !== undefined) body = body.subarray(0, rule.cut);
    if (rule.flip !== undefined) {
      body = Buffer.from(body);
      body[rule.flip < 0 ? body.length + rule.flip : rule.flip] ^= 0x40;
    }
    const headers = {
      "content-type": rule.type ?? TYPES[extname(name)] ?? "application/octet-stream",
      ...guarded,
      "cache-control": "no-cache",
    };
    const isPacked = COMPRESSED.has(extname(name)) && /\bbr\b/.test(request.headers["accept-encoding"] ?? "");
    if (isPacked) {
      headers["content-encoding"] = "br";
      const key = `${name}\n${body.toString("latin1")}`;
      if (!packed.has(key)) packed.set(key, brotliCompressSync(body));
      body = packed.get(key);
    }
    entry.status = 200;
    const [, from, to] = /^bytes=(\d+)-(\d+)$/.exec(request.headers.range ?? "") ?? [];
    if (from !== undefined && !isPacked && !rule.whole) {
      entry.status = 206;
      headers["content-range"] = `bytes ${from}-${to}/${body.length}`;
      body = body.subarray(Number(from), Number(to) + 1);
    }
    entry.bytes = body.length;
    response.writeHead(entry.status, { ...headers, "content-length": body.length });
    response.end(body);
  }

  const server = createServer((request, response) => {
    answer(request, response).catch((error) => response.destroy(error));
  });
  await new Promise((done) => server.listen(0, "127.0.0.1", done));
  site.url = `http://127.0.0.1:${server.address().port}/`;
  return site;
}

async function read(folder, name) {
  const path = normalize(join(folder, name));
  if (!path.startsWith(folder + sep)) return null;
  return readFile(path).catch(() => null);
}
