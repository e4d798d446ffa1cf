// What the tests share: modules compiled from the TypeScript source, and made-up engines and files.
//
// Knows the shapes that `driver.ts` is put together from. Starts no server and no wasm.

import { fileURLToPath } from "node:url";

import { build } from "esbuild";

const SOURCE = fileURLToPath(new URL("../src/", import.meta.url));

/** The parts that need no wasm, compiled together so that they share their classes. */
export const { Driver, SpeirError, folderUrl, inflate, loadModule, webSource } = await compiled(`
  export { Driver } from "./driver.ts";
  export { SpeirError } from "./errors.ts";
  export { folderUrl, inflate, loadModule, webSource } from "./loader.ts";
`);

async function compiled(contents) {
  const { outputFiles } = await build({
    stdin: { contents, resolveDir: SOURCE, loader: "ts" },
    bundle: true,
    write: false,
    format: "esm",
    target: "node20",
  });
  return import(`data:text/javascript;base64,${Buffer.from(outputFiles[0].text).toString("base64")}`);
}

export const bytes = (text) => new TextEncoder().encode(text);
const text = (data) => new TextDecoder().decode(data);

/**
 * An engine whose manifest is a list of chunk names and that answers once it has them all.
 * A chunk's right bytes are its own name, after four others. The text "trap" makes it stop by a fault for good.
 */
export class FakeEngine {
  #names;
  #have = new Set();
  #stopped = false;

  constructor(manifest) {
    this.#names = JSON.parse(text(manifest));
  }

  chunkName(id) {
    return this.#names[id];
  }

  /** Where a chunk begins in its file, and its length there; 0 for the whole of it. */
  place() {
    return [0, 0];
  }

  supply(id, _seal, raw) {
    if (text(raw) !== this.#names[id]) throw new SpeirError("index-corrupt", `chunk ${id} is damaged`);
    this.#have.add(id);
  }

  search(query) {
    return this.#answer(query, () => ({ total: this.#names.length, query: { text: query } }));
  }

  suggest(typed, limit) {
    return this.#answer(typed, () => [{ text: typed, nRecords: limit }]);
  }

  related(id, limit) {
    return this.#answer(id, () => ({ hits: [{ id, limit }] }));
  }

  #answer(asked, whole) {
    if (asked === "trap" || this.#stopped) {
      this.#stopped = true;
      throw new SpeirError("engine-failed", "unreachable");
    }
    const needed = this.#names.map((_, id) => id).filter((id) => !this.#have.has(id));
    return needed.length > 0 ? Uint32Array.from(needed.flatMap((id) => [id, ...this.place(id)])) : whole();
  }
}

/** Files by name; each is bytes, or a function that is called anew at each reading. */
export class FakeSource {
  asked = [];
  files;

  constructor(files) {
    this.files = files;
  }

  async read(name, cache, signal) {
    this.asked.push(cache === "default" ? name : `${name} (${cache})`);
    // As a real source: never before the caller has gone on.
    await new Promise((resolve) => setImmediate(resolve));
    if (signal.aborted) throw new SpeirError("network", "stopped");
    const file = this.files[name];
    if (file === undefined) throw new SpeirError("chunk-missing", `${name} is missing`);
    const data = await (typeof file === "function" ? file() : file);
    return name === "index.json" ? data : Uint8Array.of(0, 0, 0, 0, ...data);
  }
}

/** A source whose chunks are right, with `index.json` naming them. */
export function sourceOf(...names) {
  return new FakeSource({ ...Object.fromEntries(names.map((name) => [name, bytes(name)])), "index.json": manifestOf(...names) });
}

export const manifestOf = (...names) => bytes(JSON.stringify(names));

/** A driver over a made-up source, some of its parts replaced; `started` counts its engines. */
export async function openFake(source, replaced = {}) {
  const state = { started: 0 };
  const parts = {
    source,
    inflate: async (packed) => packed,
    start: async (manifest) => {
      state.started += 1;
      return new FakeEngine(manifest);
    },
    ...replaced,
  };
  const driver = await Driver.open(parts, source.files["index.json"]);
  return Object.assign(state, { driver });
}

/** The code that a promise rejects with. */
export async function codeOf(promise) {
  try {
    await promise;
  } catch (error) {
    if (typeof error?.code === "string") return error.code;
    throw error;
  }
  throw new Error("it did not reject");
}
