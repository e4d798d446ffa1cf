// The finished package with the real engine, over an index that the command line built.
//
// `cargo xtask test` builds `records.json` and names the folder in SPEIR_FIXTURE.

import assert from "node:assert/strict";
import { cp, mkdtemp, readFile, readdir, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { fileURLToPath, pathToFileURL } from "node:url";

import { build } from "esbuild";

import { codeOf } from "./support.mjs";

const FIXTURE = process.env.SPEIR_FIXTURE;
const DIST = new URL("../dist/", import.meta.url);
const GOLDEN = new URL("../../../tests/golden/", import.meta.url);

let node;
let browser;
let wasm;
let scratch;
let server;

before(async () => {
  assert.ok(FIXTURE, "SPEIR_FIXTURE is not set: run `cargo xtask test`, or build test/records.json with `speir build` and name the folder");
  // By its own name, as those who install it do.
  node = await import("speir");
  browser = await import(new URL("speir.js", DIST).href);
  wasm = await readFile(new URL("speir.wasm", DIST));
  scratch = await mkdtemp(join(tmpdir(), "speir-npm-"));
  server = await serve(FIXTURE);
});

after(async () => {
  server?.close();
  if (scratch) await rm(scratch, { recursive: true });
});

/** A plain server on loopback: every file as text/plain, `status` in place of a file where it is set. */
async function serve(folder) {
  const state = { folder, status: new Map(), asked: [] };
  const http = createServer(async (request, response) => {
    const name = request.url.slice("/search/".length);
    state.asked.push(name);
    const status = state.status.get(name);
    const body = status ? undefined : await readFile(join(state.folder, name)).catch(() => undefined);
    response.writeHead(status ?? (body ? 200 : 404), { "content-type": "text/plain" });
    response.end(body);
  });
  await new Promise((listening) => http.listen(0, "127.0.0.1", listening));
  return Object.assign(state, {
    url: `http://127.0.0.1:${http.address().port}/search/`,
    close: () => http.close(),
  });
}

/** A copy of the index that a test may spoil. */
async function copyOfFixture(name) {
  const folder = join(scratch, name);
  await cp(FIXTURE, folder, { recursive: true });
  return folder;
}

/** The file that every search of the index needs. */
const mainChunk = async () => (await readdir(FIXTURE)).find((name) => /^index-.*\.bin$/.test(name));
const titles = (page) => page.hits.map((hit) => hit.title);

test("open takes a path and a file: address, and all forms of a word are found", async () => {
  for (const base of [FIXTURE, pathToFileURL(FIXTURE), pathToFileURL(FIXTURE).href]) {
    const index = await node.open(base);
    const page = await index.search("housing");
    assert.deepEqual(titles(page).sort(), ["Houses and homes: a report", "Housing advice for newcomers"]);
    index.close();
  }
});

test("an index that follows another answers as one made anew, and its changes are fetched once", async () => {
  const versions = (await readdir(GOLDEN)).filter((name) => /^v\d+$/.test(name));
  const newest = versions.sort((one, other) => Number(one.slice(1)) - Number(other.slice(1))).at(-1);
  const [anew, after] = [new URL(`${newest}/small/`, GOLDEN), new URL(`${newest}/after/`, GOLDEN)];
  const site = await serve(fileURLToPath(after));
  try {
    const [expected, found] = [await node.open(anew), await browser.open(site.url, { wasm })];
    for (const query of ["", "housing report", "integration toolkit", "cynghor", "housng intergation", '"local authority" -flyer']) {
      const options = { facets: ["type", "year"], limit: 20, today: "2016-01-01" };
      assert.deepEqual(await found.search(query, options), await expected.search(query, options), query);
    }
    const changes = site.asked.filter((name) => name.startsWith("changes-"));
    assert.equal(changes.length, 1);
  } finally {
    site.close();
  }
});

test("a page is a plain object with the names of the interface", async () => {
  const index = await node.open(FIXTURE);
  const page = await index.search("housing advice", { facets: ["type", "year"], limit: 1 });
  assert.deepEqual(Object.keys(page).sort(), ["facets", "hits", "notices", "query", "total"]);
  const [hit] = page.hits;
  assert.equal(Object.getPrototypeOf(hit.fields), Object.prototype);
  assert.equal(hit.fields.year, 2014);
  assert.deepEqual(hit.fields.organisations, ["Strathmore Council"]);
  assert.ok(hit.titleParts.some(({ text, match }) => match && text === "Housing"));
  assert.equal(typeof hit.score, "number");
  assert.equal(page.query.limit, 1);
  index.close();
});

test("filters: one value, several, a range, a missing value; and across fields", async () => {
  const index = await node.open(FIXTURE);
  const find = async (filters, more) => titles(await index.search("", { filters, sort: "title", ...more }));
  assert.deepEqual(await find({ type: "report" }), ["Houses and homes: a report"]);
  assert.deepEqual(await find({ type: ["report", "flyer"] }), ["Houses and homes: a report", "The café on the corner"]);
  assert.deepEqual(await find({ year: { from: 2014, to: 2015 } }), ["Housing advice for newcomers", "Schools toolkit"]);
  assert.deepEqual(await find({ year: { from: "2016", to: "" } }), ["Handbook", "Houses and homes: a report"]);
  assert.deepEqual(await find({ year: null }), ["The café on the corner"]);
  assert.deepEqual(await find({ year: [null, { to: 2014 }] }), ["Housing advice for newcomers", "The café on the corner"]);
  assert.deepEqual(await find({ type: "guide", year: 2020 }), ["Handbook"]);
  assert.equal((await find({ type: [], year: {}, organisations: undefined })).length, 5);
  index.close();
});

test("facets count under the other filters, and a missing value is null", async () => {
  const index = await node.open(FIXTURE);
  const { facets } = await index.search("", { facets: ["type", "year"], filters: { type: "guide" } });
  assert.deepEqual(facets.type.find(({ value }) => value === "guide"), { value: "guide", count: 2, selected: true });
  assert.equal(facets.type.find(({ value }) => value === "report").count, 1);
  assert.equal(facets.year.some(({ value }) => value === null), false);
  const all = await index.search("", { facets: ["year"] });
  assert.deepEqual(all.facets.year.at(-1), { value: null, count: 1, selected: false });
  index.close();
});

test("sorting, paging, phrases and exclusion", async () => {
  const index = await node.open(FIXTURE);
  assert.equal((await index.search("", { sort: "newest" })).hits[0].title, "Handbook");
  assert.equal((await index.search("", { sort: "oldest" })).hits[0].title, "Housing advice for newcomers");
  assert.equal((await index.search("", { sort: "-year" })).hits[0].title, "Handbook");
  assert.equal((await index.search("", { sort: "title", limit: 2, offset: 4 })).hits.length, 1);
  assert.deepEqual(titles(await index.search('"housing advice"')), ["Housing advice for newcomers"]);
  assert.deepEqual(titles(await index.search("housing -advice")), ["Houses and homes: a report"]);
  index.close();
});

test("a slip is searched for and said, with what to type for the word itself", async () => {
  const index = await node.open(FIXTURE);
  const page = await index.search("toolkti");
  assert.deepEqual(titles(page), ["Schools toolkit"]);
  const slip = { kind: "slip", word: "toolkti", searched: ["toolkit"], total: 1, exact: '"toolkti"' };
  assert.deepEqual(page.notices, [slip]);
  const exact = await index.search(slip.exact);
  assert.equal(exact.total, 0);
  assert.deepEqual(exact.notices, [{ kind: "unknown-word", word: "toolkti" }]);
  index.close();
});

test("what has run out says so on the day that is asked about, which is today unless said", async () => {
  const index = await node.open(FIXTURE);
  const standing = async (options) => (await index.search("corner", options)).hits[0].standing;
  assert.equal(await standing({}), "expired");
  assert.equal(await standing({ today: "2015-05-03" }), undefined);
  assert.equal(await standing({ today: "2015-05-04" }), "expired");
  assert.equal(await standing({ today: false }), undefined);
  assert.equal(await standing({ today: null }), undefined);
  const [hit] = (await index.search("corner")).hits;
  assert.equal(hit.fields.validUntil, "2015-05-03");
  index.close();
});

test("completions come from titles, headings and values, and allow for one slip", async () => {
  const index = await node.open(FIXTURE);
  const texts = async (typed, options) => (await index.suggest(typed, options)).map(({ text }) => text);
  const [first] = await index.suggest("handb");
  assert.deepEqual(first, { text: "Handbook", kind: "title", field: null, url: "/handbook", id: "5", nRecords: 1 });
  assert.ok((await texts("strath")).includes("Strathmore Council"));
  assert.ok((await texts("langauge")).includes("Language classes"));
  assert.equal((await texts("h", { limit: 1 })).length, 1);
  assert.deepEqual(await texts(""), []);
  assert.deepEqual(await texts("zzzzzz"), []);
  assert.equal(await codeOf(index.suggest("h", { limit: -1 })), "bad-filter");
  index.close();
});

test("related records are hits, and an id that no record has has none", async () => {
  const index = await node.open(FIXTURE);
  const related = await index.related("1", { limit: 3 });
  assert.ok(related.length <= 3);
  assert.ok(related.every((hit) => hit.id !== "1" && Array.isArray(hit.excerpt)));
  assert.deepEqual(await index.related("nobody"), []);
  index.close();
});

test("what stands between the pieces of a request never splits a value", async () => {
  const index = await node.open(FIXTURE);
  const page = await index.search("", { filters: { type: "report\0=type\0flyer" } });
  assert.equal(page.total, 0);
  assert.equal(page.notices[0].kind, "unknown-value");
  index.close();
});

test("letters typed as letter and mark find letters written as one", async () => {
  const index = await node.open(FIXTURE);
  assert.deepEqual(titles(await index.search("cafe\u0301")), ["The café on the corner"]);
  index.close();
});

test("a section is a result of its own, with its address", async () => {
  const index = await node.open(FIXTURE);
  const [hit] = (await index.search("evening classes")).hits;
  assert.deepEqual([hit.sections[0].number, hit.sections[0].url], ["5.2", "/handbook#s5-2"]);
  index.close();
});

test("nothing that a reader types is an error", async () => {
  const index = await node.open(FIXTURE);
  for (const text of ["", '"', "-", '-"', "((", "a OR", "\u0000", "\ud800", "💥".repeat(9_999), "x".repeat(100_000)]) {
    await index.search(text);
  }
  index.close();
});

test("what a program asks wrongly is `bad-filter`, and says what is wrong", async () => {
  const index = await node.open(FIXTURE);
  const wrong = [
    [{ filters: { colour: "red" } }, /colour/],
    [{ facets: ["colour"] }, /colour/],
    [{ sort: "colour" }, /colour/],
    [{ filters: { year: { from: "soon" } } }, /soon/],
    [{ filters: { year: { min: 2014 } } }, /year.*\{ from, to \}/],
    [{ filters: { type: [["report"]] } }, /type/],
    [{ filters: { year: Number.NaN } }, /NaN/],
    [{ match: "most" }, /most/],
    [{ limit: -1 }, /limit/],
    [{ offset: 0.5 }, /offset/],
  ];
  for (const [options, message] of wrong) {
    const error = await index.search("housing", options).catch((caught) => caught);
    assert.equal(error.code, "bad-filter", JSON.stringify(options));
    assert.match(error.message, message);
    assert.ok(error instanceof node.SpeirError);
  }
  assert.equal((await index.search("housing")).total, 2);
  index.close();
});

test("a folder without an index, and a web server's page in its place, are `index-not-found`", async () => {
  assert.equal(await codeOf(node.open(scratch)), "index-not-found");
  const folder = await copyOfFixture("page");
  await writeFile(join(folder, "index.json"), "<!doctype html><title>Not found</title>");
  assert.equal(await codeOf(node.open(folder)), "index-not-found");
});

test("a damaged manifest and a damaged chunk are `index-corrupt`", async () => {
  const folder = await copyOfFixture("damaged");
  const chunk = await mainChunk();
  const whole = await readFile(join(folder, chunk));
  const spoilt = Buffer.from(whole);
  spoilt[spoilt.length >> 1] ^= 1;
  await writeFile(join(folder, chunk), spoilt);
  const index = await node.open(folder);
  assert.equal(await codeOf(index.search("housing")), "index-corrupt");
  await writeFile(join(folder, chunk), whole);
  assert.equal((await index.search("housing")).total, 2);
  index.close();

  const manifest = await readFile(join(folder, "index.json"));
  manifest[manifest.length >> 1] ^= 1;
  await writeFile(join(folder, "index.json"), manifest);
  assert.equal(await codeOf(node.open(folder)), "index-corrupt");
});

test("over HTTP with wrong MIME types: the browser's build opens, fails, and searches again", async () => {
  const chunk = await mainChunk();
  const index = await browser.open(server.url, { wasm });
  server.status.set(chunk, 500);
  assert.equal(await codeOf(index.search("housing")), "network");
  server.status.set(chunk, 404);
  assert.equal(await codeOf(index.search("housing")), "chunk-missing");
  server.status.clear();
  const pages = await Promise.all([index.search("housing"), index.search("toolkit")]);
  assert.deepEqual(pages.map((page) => page.total), [2, 1]);
  assert.equal(server.asked.filter((name) => name === chunk).length, 3);
  index.close();
});

test("over HTTP from Node, with the engine fetched from the site", async () => {
  const index = await node.open(server.url, {
    wasm: new URL("../dist/speir.wasm", import.meta.url).href,
    fetch: async (url, init) => (String(url).startsWith("file:") ? new Response(wasm) : fetch(url, init)),
  });
  assert.equal((await index.search("toolkit")).total, 1);
  index.close();
});

test("an engine that stopped by a fault is replaced, and the next search is answered", async () => {
  const index = await browser.open(server.url, { wasm: await WebAssembly.compile(wasm) });
  assert.equal((await index.search("housing")).total, 2);
  // What throws on its way into the engine stands for a fault inside it.
  const lang = {
    toString() {
      throw new Error("fault");
    },
  };
  const code = await codeOf(index.search("housing", { lang }));
  assert.equal(code, "engine-failed");
  assert.equal((await index.search("housing")).total, 2);
  index.close();
});

test("under a bundler: one script holds the engine's JavaScript and the element, and searches", async () => {
  const outfile = join(scratch, "bundled.mjs");
  await build({
    stdin: {
      contents: 'export { open } from "speir"; export { SpeirSearch } from "speir/element";',
      resolveDir: fileURLToPath(new URL("..", import.meta.url)),
    },
    outfile,
    bundle: true,
    format: "esm",
    platform: "browser",
    logLevel: "silent",
  });
  const bundled = await import(pathToFileURL(outfile).href);
  assert.equal(typeof bundled.SpeirSearch, "function");
  const index = await bundled.open(server.url, { wasm });
  assert.equal((await index.search("toolkit")).total, 1);
  index.close();
});

test("a closed index says so", async () => {
  const index = await node.open(FIXTURE);
  index.close();
  assert.equal(await codeOf(index.search("housing")), "closed");
});

test("the package exports what it says", async () => {
  const { exports, files } = JSON.parse(await readFile(new URL("../package.json", import.meta.url), "utf8"));
  const targets = (value) => (typeof value === "string" ? [value] : Object.values(value).flatMap(targets));
  const locales = await readdir(new URL("../locales/", import.meta.url));
  const langs = locales.map((name) => name.replace(".json", ""));
  for (const target of targets(exports)) {
    for (const lang of target.includes("*") ? langs : [""]) {
      await readFile(fileURLToPath(new URL(`../${target.replace("*", lang)}`, import.meta.url)));
    }
  }
  const { default: welsh } = await import("speir/locales/cy");
  assert.equal(welsh["box.label"], "Chwilio");
  assert.ok(files.includes("dist"));
});
