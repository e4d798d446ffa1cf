// The loop: failures reject and are tried again, chunks are shared, nothing stale is kept.

import assert from "node:assert/strict";
import { test } from "node:test";

import { FakeEngine, SpeirError, bytes, codeOf, manifestOf, openFake, sourceOf } from "./support.mjs";

test("a search fetches what is needed, all at once, and the next one fetches nothing", async () => {
  const source = sourceOf("a", "b");
  const { driver } = await openFake(source);
  assert.equal((await driver.search("x")).total, 2);
  assert.equal((await driver.search("y")).query.text, "y");
  assert.deepEqual(source.asked, ["a", "b"]);
});

test("a part that is wrong is fetched again at once, as a server may send another one", async () => {
  const source = sourceOf("a");
  source.files.a = () => {
    source.files.a = bytes("a");
    return bytes("?");
  };
  const start = async (manifest) => Object.assign(new FakeEngine(manifest), { place: () => [0, 5] });
  const { driver } = await openFake(source, { start });
  assert.equal((await driver.search("x")).total, 1);
  assert.deepEqual(source.asked, ["a", "a (reload)"]);
});

/** An engine whose chunks are all in one file, at these places. */
function inOneFile(...starts) {
  return async (manifest) => {
    return Object.assign(new FakeEngine(manifest), { chunkName: () => "file", place: (id) => [starts[id], 5] });
  };
}

test("chunks that are near each other in a file are fetched together, and those further on apart", async () => {
  const source = sourceOf("a", "b", "c", "d");
  const whole = new Uint8Array(9000);
  const starts = [4000, 20, 4100, 26];
  for (const [id, letter] of [..."abcd"].entries()) whole.set(bytes(letter), starts[id] + 4);
  const asked = [];
  source.read = async (_name, _cache, _signal, { start, length }) => {
    asked.push([start, length]);
    return whole.subarray(start, start + length);
  };
  const { driver } = await openFake(source, { start: inOneFile(...starts) });
  assert.equal((await driver.search("x")).total, 4);
  assert.deepEqual(asked, [[20, 11], [4000, 105]]);
});

test("searches at the same time share a chunk that is on its way", async () => {
  const source = sourceOf("a", "b");
  const { driver } = await openFake(source);
  const pages = await Promise.all([driver.search("x"), driver.search("y"), driver.search("z")]);
  assert.deepEqual(pages.map((page) => page.query.text), ["x", "y", "z"]);
  assert.deepEqual(source.asked, ["a", "b"]);
});

test("completions and related records fetch what they need as searches do, and share it", async () => {
  const source = sourceOf("a", "b");
  const { driver } = await openFake(source);
  const answers = [driver.search("x"), driver.suggest("x"), driver.related("x", { limit: 2 })];
  const [page, suggestions, hits] = await Promise.all(answers);
  assert.equal(page.total, 2);
  assert.deepEqual(suggestions, [{ text: "x", nRecords: 6 }]);
  assert.deepEqual(hits, [{ id: "x", limit: 2 }]);
  assert.deepEqual(source.asked, ["a", "b"]);
});

test("completions and related records reject as searches do: aborted, failed, closed", async () => {
  const { driver } = await openFake(sourceOf("a"));
  const signal = AbortSignal.abort();
  assert.equal(await codeOf(driver.suggest("x", { signal })), "aborted");
  assert.equal(await codeOf(driver.related("x", { signal })), "aborted");
  assert.equal(await codeOf(driver.suggest("trap")), "engine-failed");
  assert.equal((await driver.related("x"))[0].id, "x");
  driver.close();
  assert.equal(await codeOf(driver.suggest("x")), "closed");
  assert.equal(await codeOf(driver.related("x")), "closed");
});

test("a chunk that cannot be fetched rejects the search, and the next search fetches it again", async () => {
  const source = sourceOf("a", "b");
  source.files.b = () => {
    source.files.b = bytes("b");
    throw new SpeirError("network", "the server answered 500");
  };
  const { driver } = await openFake(source);
  assert.equal(await codeOf(driver.search("x")), "network");
  assert.equal((await driver.search("x")).total, 2);
  assert.deepEqual(source.asked, ["a", "b", "b"]);
});

test("a chunk that is missing rejects while the manifest is still the same", async () => {
  const source = sourceOf("a", "b");
  delete source.files.b;
  const { driver } = await openFake(source);
  assert.equal(await codeOf(driver.search("x")), "chunk-missing");
  assert.deepEqual(source.asked, ["a", "b", "index.json (no-cache)"]);
  source.files.b = bytes("b");
  assert.equal((await driver.search("x")).total, 2);
});

test("a chunk with wrong bytes rejects, and is then fetched past the HTTP cache until it is right", async () => {
  const source = sourceOf("a");
  source.files.a = bytes("A");
  const { driver } = await openFake(source);
  assert.equal(await codeOf(driver.search("x")), "index-corrupt");
  source.files.a = bytes("a");
  assert.equal((await driver.search("x")).total, 1);
  assert.deepEqual(source.asked, ["a", "index.json (no-cache)", "a (reload)"]);
});

test("a chunk that does not inflate is a damaged index", async () => {
  const inflate = async () => {
    throw new TypeError("bad block");
  };
  const { driver } = await openFake(sourceOf("a"), { inflate });
  const error = await driver.search("x").catch((caught) => caught);
  assert.deepEqual([error.code, error.cause.message], ["index-corrupt", "bad block"]);
});

test("an index that was published again is opened anew, once for all searches that wait", async () => {
  const source = sourceOf("old");
  const state = await openFake(source);
  delete source.files.old;
  Object.assign(source.files, { new1: bytes("new1"), new2: bytes("new2"), "index.json": manifestOf("new1", "new2") });
  const pages = await Promise.all([state.driver.search("x"), state.driver.search("y")]);
  assert.deepEqual(pages.map((page) => page.total), [2, 2]);
  assert.equal(state.started, 2);
  assert.deepEqual(source.asked, ["old", "index.json (no-cache)", "new1", "new2"]);
});

test("an index that changes under every look is given up after one", async () => {
  const source = sourceOf("a");
  let edition = 0;
  source.files = { "index.json": manifestOf("a") };
  const { driver } = await openFake(source);
  source.files["index.json"] = () => manifestOf(`gone-${edition++}`);
  assert.equal(await codeOf(driver.search("x")), "chunk-missing");
  assert.equal(edition, 1);
});

test("an aborted search rejects at once as AbortError and leaves the chunk to the others", async () => {
  const source = sourceOf("a");
  const { driver } = await openFake(source);
  const controller = new AbortController();
  const stopped = driver.search("x", { signal: controller.signal });
  const other = driver.search("y");
  controller.abort("typed on");
  const error = await stopped.catch((caught) => caught);
  assert.deepEqual([error.code, error.name, error.cause], ["aborted", "AbortError", "typed on"]);
  assert.equal((await other).total, 1);
  assert.deepEqual(source.asked, ["a"]);
});

test("a search whose signal is aborted beforehand fetches nothing", async () => {
  const source = sourceOf("a");
  const { driver } = await openFake(source);
  assert.equal(await codeOf(driver.search("x", { signal: AbortSignal.abort() })), "aborted");
  assert.deepEqual(source.asked, []);
});

test("an engine that stopped by a fault is replaced, and searches beside it are answered", async () => {
  const source = sourceOf("a");
  const state = await openFake(source);
  assert.equal((await state.driver.search("x")).total, 1);
  const [failed, beside] = await Promise.allSettled([state.driver.search("trap"), state.driver.search("y")]);
  assert.equal(failed.reason.code, "engine-failed");
  assert.equal(beside.value?.query.text, "y");
  assert.equal((await state.driver.search("z")).query.text, "z");
  assert.equal(state.started, 2);
});

test("a closed index rejects searches under way and later ones", async () => {
  const source = sourceOf("a");
  const { driver } = await openFake(source);
  const underWay = driver.search("x");
  driver.close();
  assert.equal(await codeOf(underWay), "closed");
  assert.equal(await codeOf(driver.search("x")), "closed");
});
