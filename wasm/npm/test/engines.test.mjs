// The engines beside each other in Node: what they are made of, what they answer, what they are held to.
//
// Over the same fixture as wasm.test.mjs. The ladder itself needs a browser: tests/browser/ladder.test.mjs.

import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdtemp, readFile, readdir, rm } from "node:fs/promises";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { fileURLToPath, pathToFileURL } from "node:url";
import { promisify } from "node:util";
import { deflateRawSync } from "node:zlib";

import { build } from "esbuild";
import { inflateSync } from "fflate";

import { codeOf } from "./support.mjs";

const FIXTURE = process.env.SPEIR_FIXTURE;
const PACKAGE = fileURLToPath(new URL("..", import.meta.url));
const DIST = join(PACKAGE, "dist");

/** What the floor of R35 runs: Chrome 75, Firefox 79 and Safari 15 have all of it. */
const FLOOR = ["bulk-memory", "sign-ext", "nontrapping-float-to-int", "mutable-globals"];

let node;
let scratch;
let server;

before(async () => {
  assert.ok(FIXTURE, "SPEIR_FIXTURE is not set: run `cargo xtask test`");
  node = await import("speir");
  scratch = await mkdtemp(join(tmpdir(), "speir-engines-"));
  server = createServer(async (request, response) => {
    const body = await readFile(join(FIXTURE, request.url.slice(1))).catch(() => undefined);
    response.writeHead(body ? 200 : 404).end(body);
  });
  await new Promise((listening) => server.listen(0, "127.0.0.1", listening));
});

after(async () => {
  server?.close();
  if (scratch) await rm(scratch, { recursive: true });
});

const site = () => `http://127.0.0.1:${server.address().port}/`;

/** Whether binaryen takes a module for one of the first WebAssembly with these features. */
async function isWithin(wasm, features) {
  const args = [join(PACKAGE, "node_modules/binaryen/bin/wasm-opt"), "--mvp-features"];
  args.push(...features.map((feature) => `--enable-${feature}`), wasm, "-o", join(scratch, "checked.wasm"));
  return promisify(execFile)(process.execPath, args).then(
    () => true,
    (error) => {
      assert.match(error.stderr, /validat/i);
      return false;
    },
  );
}

test("R36: the wasm uses what the floor's browsers have, and nothing newer", async () => {
  const wasm = join(DIST, "speir.wasm");
  assert.ok(await isWithin(wasm, FLOOR));
  // That the check can fail: these it uses, and without them it is refused.
  for (const feature of ["bulk-memory", "sign-ext"]) {
    assert.equal(await isWithin(wasm, FLOOR.filter((other) => other !== feature)), false, feature);
  }
  // Reference types would let nothing older run it: their tables and nulls have opcodes of their own.
  const sections = WebAssembly.Module.customSections(await WebAssembly.compile(await readFile(wasm)), "target_features");
  assert.deepEqual(sections, []);
});

test("the engine as plain JavaScript answers as wasm does", async () => {
  const [main, plain] = [await node.open(FIXTURE), await node.open(FIXTURE, { engine: "js" })];
  assert.deepEqual([main.engine, plain.engine], ["main", "js"]);
  const options = { facets: ["type", "year"], today: "2016-01-01", limit: 20 };
  for (const text of ["", "housing", "toolkti", '"housing advice"', "cafe\u0301", "💥", "x".repeat(30_000)]) {
    assert.deepEqual(await plain.search(text, options), await main.search(text, options), text.slice(0, 40));
  }
  assert.deepEqual(await plain.suggest("langauge"), await main.suggest("langauge"));
  assert.deepEqual(await plain.related("1"), await main.related("1"));
  assert.equal(await codeOf(plain.search("x", { sort: "colour" })), "bad-filter");
  main.close();
  plain.close();
});

test("memory of plain JavaScript grows into another buffer, and each engine has its own", async () => {
  const { start } = await import("speir/js");
  const [one, other] = [start({ "./speir_bg.js": {} }), start({ "./speir_bg.js": {} })];
  const first = one.memory.buffer;
  // The allocator, as the glue calls it: more than the memory that an engine begins with.
  const place = one.__wbindgen_export(4 << 20, 1);
  assert.notEqual(one.memory.buffer, first);
  assert.ok(one.memory.buffer.byteLength >= place + (4 << 20));
  assert.equal(other.memory.buffer.byteLength, first.byteLength);
  // So whatever is put down must be put down there, though the former buffer is not detached.
  const [main, plain] = [await node.open(FIXTURE), await node.open(FIXTURE, { engine: "js" })];
  const long = `housing ${"advice newcomers ".repeat(1100)}`;
  assert.deepEqual(await plain.search(long), await main.search(long));
  main.close();
  plain.close();
});

test("R35: where Node runs no WebAssembly, plain JavaScript answers", async () => {
  const script = `
    delete globalThis.WebAssembly;
    const { open } = await import(${JSON.stringify(pathToFileURL(join(DIST, "node.js")).href)});
    const index = await open(${JSON.stringify(FIXTURE)});
    console.log(index.engine, (await index.search("housing")).total);`;
  const { stdout } = await promisify(execFile)(process.execPath, ["--input-type=module", "--eval", script]);
  assert.equal(stdout.trim(), "js 2");
});

test("R35: what inflates where a browser does not gives the same bytes, and refuses what is cut short", async () => {
  const text = new TextEncoder().encode("words and more words ".repeat(5000));
  for (const level of [0, 1, 9]) {
    const packed = new Uint8Array(deflateRawSync(text, { level }));
    assert.deepEqual(inflateSync(packed), text);
    assert.throws(() => inflateSync(packed.subarray(0, packed.length - 3)));
  }
});

test("R32: integrity.json has the hash of every file that a page may load", async () => {
  const hashes = JSON.parse(await readFile(join(DIST, "integrity.json"), "utf8"));
  const names = (await readdir(DIST)).filter((name) => /^speir.*\.(js|css|wasm)$/.test(name));
  assert.deepEqual(Object.keys(hashes), names.sort());
  for (const [name, hash] of Object.entries(hashes)) {
    const bytes = await readFile(join(DIST, name));
    assert.equal(hash, `sha384-${createHash("sha384").update(bytes).digest("base64")}`, name);
  }
  const published = JSON.parse(await readFile(join(FIXTURE, "integrity.json"), "utf8"));
  for (const [name, hash] of Object.entries(published)) {
    // One of the two engines is published, under one name.
    const known = name === "speir.wasm" ? [hashes[name], hashes["speir-lean.wasm"]] : [hashes[name]];
    assert.ok(known.includes(hash), name);
  }
});

test("R32: in Node too, wasm of another hash is `integrity`, and what is no hash as well", async () => {
  const right = JSON.parse(await readFile(join(DIST, "integrity.json"), "utf8"))["speir.wasm"];
  const wrong = `sha384-${createHash("sha384").update("another").digest("base64")}`;
  const index = await node.open(FIXTURE, { integrity: `${wrong} ${right}` });
  assert.equal((await index.search("housing")).total, 2);
  assert.equal(await codeOf(node.open(FIXTURE, { integrity: wrong })), "integrity");
  assert.equal(await codeOf(node.open(FIXTURE, { integrity: "abc" })), "integrity");
});

test("speir/inline needs no second file", async () => {
  const { open } = await import("speir/inline");
  const index = await open(site());
  assert.deepEqual([index.engine, (await index.search("housing")).total], ["main", 2]);
  index.close();
});

test("speir/js is the engine's file", async () => {
  const { start } = await import("speir/js");
  assert.equal(typeof start, "function");
});

test("workerd has wasm compiled beforehand, compiles nothing, and is not asked for a cache mode", async () => {
  const outfile = join(scratch, "workerd.mjs");
  const wasm = JSON.stringify(join(DIST, "speir.wasm"));
  await build({
    stdin: { contents: 'export { open, SpeirError } from "speir";', resolveDir: PACKAGE },
    bundle: true,
    format: "esm",
    platform: "browser",
    conditions: ["workerd"],
    outfile,
    plugins: [
      {
        // What that runtime does when a script is deployed.
        name: "compiled-at-deployment",
        setup(plugin) {
          plugin.onLoad({ filter: /\.wasm$/ }, () => ({
            contents: `import { readFileSync } from "node:fs";
              export default new WebAssembly.Module(readFileSync(${wasm}));`,
          }));
          plugin.onResolve({ filter: /^node:/ }, ({ path }) => ({ path, external: true }));
        },
      },
    ],
  });
  const script = `
    import { readFileSync } from "node:fs";
    const { open } = await import(${JSON.stringify(pathToFileURL(outfile).href)});
    // Node's own responses stand on wasm, which is compiled when the first is made.
    new Response("");
    WebAssembly.compile = () => { throw new WebAssembly.CompileError("disallowed"); };
    const asked = [];
    const fetch = async (url, init) => {
      asked.push(init);
      const body = readFileSync(${JSON.stringify(FIXTURE)} + new URL(url).pathname);
      return { ok: true, status: 200, arrayBuffer: async () => new Uint8Array(body).buffer };
    };
    const index = await open("https://site.example/", { fetch });
    const page = await index.search("housing");
    if (asked.some((init) => "cache" in init)) throw new Error("a cache mode was asked for");
    console.log(index.engine, page.total, asked.length > 1);`;
  const { stdout } = await promisify(execFile)(process.execPath, ["--input-type=module", "--eval", script]);
  assert.equal(stdout.trim(), "main 2 true");
});

test("the package's exports are in an order in which every condition can be met", async () => {
  const { exports, sideEffects } = JSON.parse(await readFile(join(PACKAGE, "package.json"), "utf8"));
  const check = (name, conditions) => {
    if (typeof conditions === "string") return;
    const keys = Object.keys(conditions);
    // What stands after `default` is never reached, and types after a file never read.
    assert.equal(keys.at(-1), "default", name);
    const types = keys.indexOf("types");
    assert.ok(types === -1 || keys.slice(0, types).every((key) => typeof conditions[key] === "object"), name);
    for (const key of keys) check(`${name} ${key}`, conditions[key]);
  };
  for (const [name, conditions] of Object.entries(exports)) {
    assert.match(name, /^\.($|\/)/);
    check(name, conditions);
  }
  // A script that does something when it is loaded may not be shaken off.
  for (const name of ["speir-worker.js", "speir-widget.js", "define.js"]) {
    assert.ok(sideEffects.includes(`./dist/${name}`), name);
  }
});

test("a worker's file is a script of its own: it imports nothing", async () => {
  const text = await readFile(join(DIST, "speir-worker.js"), "utf8");
  assert.doesNotMatch(text, /\bimport\b|\bexport\b/);
});
