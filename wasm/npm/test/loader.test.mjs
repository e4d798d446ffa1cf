// Getting bytes: statuses become codes, addresses are folders, wrong MIME types do not matter.

import assert from "node:assert/strict";
import { test } from "node:test";
import { deflateRawSync } from "node:zlib";

import { bytes, codeOf, folderUrl, inflate, loadModule, webSource } from "./support.mjs";

/** The smallest module: its magic number and version. */
const EMPTY_WASM = Uint8Array.of(0, 0x61, 0x73, 0x6d, 1, 0, 0, 0);

const BASE = new URL("https://site.example/search/");
const { signal } = new AbortController();

const answer = (body, init) => async () => new Response(body, init);
const read = (fetch, name = "a.bin") => webSource(BASE, fetch).read(name, "default", signal);

test("a file is asked for beside the manifest, with the cache mode that it needs", async () => {
  const asked = [];
  const source = webSource(BASE, async (url, init) => {
    asked.push([url, init.cache]);
    return new Response("right");
  });
  assert.deepEqual(await source.read("index.json", "no-cache", signal), bytes("right"));
  assert.deepEqual(asked, [["https://site.example/search/index.json", "no-cache"]]);
});

test("a status says why: missing files and servers in trouble are not the same", async () => {
  assert.equal(await codeOf(read(answer("gone", { status: 404 }))), "chunk-missing");
  assert.equal(await codeOf(read(answer("gone", { status: 410 }))), "chunk-missing");
  assert.equal(await codeOf(read(answer("no", { status: 404 }), "index.json")), "index-not-found");
  assert.equal(await codeOf(read(answer("oops", { status: 500 }))), "network");
  assert.equal(await codeOf(read(answer("later", { status: 503 }), "index.json")), "network");
});

/** A server of one file that sends parts of it, if it does; `asked` has the ranges. */
function serverOf(file, { sendsParts }) {
  const asked = [];
  const fetch = async (_url, { headers = {} }) => {
    asked.push(headers.range ?? "all");
    const [, from, to] = /^bytes=(\d+)-(\d+)$/.exec(headers.range ?? "") ?? [];
    if (!sendsParts || from === undefined) return new Response(file);
    if (Number(from) >= file.length) return new Response("", { status: 416 });
    return new Response(file.slice(Number(from), Number(to) + 1), { status: 206 });
  };
  const source = webSource(BASE, fetch);
  const part = (start, length, cache = "default") => source.read("a.bin", cache, signal, { start, length });
  return { asked, part };
}

test("a part of a file is asked for by its bytes", async () => {
  const { asked, part } = serverOf("abcdefgh", { sendsParts: true });
  assert.deepEqual(await part(2, 3), bytes("cde"));
  assert.deepEqual(await part(0, 1), bytes("a"));
  assert.deepEqual(asked, ["bytes=2-4", "bytes=0-0"]);
});

test("a server that sends the whole file is asked for that from then on, once for all its parts", async () => {
  const { asked, part } = serverOf("abcdefgh", { sendsParts: false });
  assert.deepEqual(await part(2, 3), bytes("cde"));
  assert.deepEqual(await Promise.all([part(0, 2), part(6, 2)]), [bytes("ab"), bytes("gh")]);
  assert.deepEqual(asked, ["bytes=2-4", "all"]);
});

test("parts that such a server is asked for at once, before it is known, read one of its answers", async () => {
  const { asked, part } = serverOf("abcdefgh", { sendsParts: false });
  assert.deepEqual(await Promise.all([part(0, 2), part(3, 2), part(6, 2)]), [bytes("ab"), bytes("de"), bytes("gh")]);
  assert.deepEqual(asked, ["bytes=0-1", "bytes=3-4", "bytes=6-7"]);
});

test("where a part was wrong, the whole file is fetched anew", async () => {
  const { asked, part } = serverOf("abcdefgh", { sendsParts: true });
  assert.deepEqual(await part(2, 3, "reload"), bytes("cde"));
  assert.deepEqual(asked, ["all"]);
});

test("a part behind the end of a file is a missing chunk: the file is another one", async () => {
  const { part } = serverOf("abc", { sendsParts: true });
  assert.equal(await codeOf(part(9, 3)), "chunk-missing");
});

test("a connection that fails, or breaks off half-way, is `network` and names the address", async () => {
  const refused = read(async () => { throw new TypeError("fetch failed"); });
  const broken = read(async () => new Response(new ReadableStream({ start: (stream) => stream.error(new Error("reset")) })));
  for (const failed of [refused, broken]) {
    const error = await failed.catch((caught) => caught);
    assert.equal(error.code, "network");
    assert.match(error.message, /https:\/\/site\.example\/search\/a\.bin/);
    assert.ok(error.cause);
  }
});

test("a folder's last slash may be left out", () => {
  assert.equal(folderUrl("/search", "https://site.example/page").href, "https://site.example/search/");
  assert.equal(folderUrl("search/", "https://site.example/a/page").href, "https://site.example/a/search/");
  assert.equal(folderUrl(new URL("https://cdn.example/x")).href, "https://cdn.example/x/");
});

test("the engine compiles whatever MIME type it is sent with", async () => {
  const fetch = answer(EMPTY_WASM, { headers: { "content-type": "text/plain" } });
  assert.ok(await loadModule("https://site.example/speir.wasm", fetch) instanceof WebAssembly.Module);
});

test("the engine may be given as bytes, as a response, or compiled", async () => {
  const never = () => assert.fail("nothing is fetched");
  const module = await loadModule(EMPTY_WASM, never);
  assert.ok(await loadModule(EMPTY_WASM.buffer, never) instanceof WebAssembly.Module);
  assert.ok(await loadModule(new Response(EMPTY_WASM), never) instanceof WebAssembly.Module);
  assert.equal(await loadModule(module, never), module);
});

test("an engine that is not there, or is a page of a web server, is `wasm-blocked`", async () => {
  const url = "https://site.example/speir.wasm";
  assert.equal(await codeOf(loadModule(url, answer("gone", { status: 404 }))), "wasm-blocked");
  assert.equal(await codeOf(loadModule(url, answer("<!doctype html>"))), "wasm-blocked");
  assert.equal(await codeOf(loadModule(url, answer("oops", { status: 502 }))), "network");
});

test("raw deflate is undone; anything else rejects", async () => {
  const text = bytes("words ".repeat(1000));
  assert.deepEqual(await inflate(new Uint8Array(deflateRawSync(text))), text);
  await assert.rejects(inflate(bytes("not deflate")));
});
