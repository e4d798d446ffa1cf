// The loop that answers a search: ask the engine, fetch what it needs, supply it, ask again.
//
// Knows an engine, a source of files, and when a failure may be tried again. Knows neither wasm
// nor HTTP. Never answers with less than the whole page: what fails rejects, and is not kept.
//
// The engine starts from the front each time it is asked and keeps nothing between, so a search
// may go on with another engine than it began with.

import type { Engine } from "./engine.ts";
import { SpeirError, aborted } from "./errors.ts";
import { MANIFEST_NAME } from "./loader.ts";
import type { Source } from "./loader.ts";
import type { Page, SearchIndex, SearchOptions } from "./types.ts";

/** What a driver is put together from. */
export interface Parts {
  source: Source;
  /** Undoes raw deflate. */
  inflate(packed: Uint8Array): Promise<Uint8Array>;
  /** Starts an engine for the index of these manifest bytes. */
  start(manifest: Uint8Array): Promise<Engine>;
}

/** One engine, and the chunks on their way to it. */
interface Edition {
  engine: Engine;
  arriving: Map<number, Promise<void>>;
}

/** An opened index. */
export class Driver implements SearchIndex {
  readonly #parts: Parts;
  readonly #closing = new AbortController();
  #manifest: Uint8Array;
  /** Replaced as a whole, never changed, when the index was published again or the engine failed. */
  #edition: Promise<Edition> | undefined;
  #rechecking: Promise<boolean> | undefined;
  /** Files whose bytes were wrong: the HTTP cache may hold them for ever, so it is passed by. */
  readonly #damaged = new Set<string>();

  /** Opens the index of a manifest's bytes; rejects where the engine cannot. */
  static async open(parts: Parts, manifest: Uint8Array): Promise<Driver> {
    const driver = new Driver(parts, manifest);
    await driver.#edition;
    return driver;
  }

  private constructor(parts: Parts, manifest: Uint8Array) {
    this.#parts = parts;
    this.#manifest = manifest;
    this.#edition = this.#begin(manifest);
  }

  async search(text: string, options: SearchOptions = {}): Promise<Page> {
    try {
      return await this.#answer(text, options);
    } catch (error) {
      // What failed because the search was over is told as that.
      this.#stopIfOver(options.signal);
      throw error;
    }
  }

  close(): void {
    this.#edition = undefined;
    this.#closing.abort();
  }

  async #answer(text: string, options: SearchOptions): Promise<Page> {
    const { signal } = options;
    let rechecked = false;
    for (;;) {
      this.#stopIfOver(signal);
      const current = this.#edition!;
      try {
        const edition = await unlessAborted(current, signal);
        if (this.#edition !== current) continue;
        const step = edition.engine.search(text, options);
        if (!(step instanceof Uint32Array)) return step;
        const chunks = Array.from(step, (id) => this.#chunk(edition, id));
        await unlessAborted(Promise.all(chunks), signal);
      } catch (error) {
        const code = error instanceof SpeirError ? error.code : undefined;
        // A stopped engine may hold anything: the next search has a new one.
        if (code === "engine-failed" && this.#edition === current) {
          this.#edition = this.#begin(this.#manifest);
        }
        const mayBeStale = code === "chunk-missing" || code === "index-corrupt";
        if (rechecked || !mayBeStale) throw error;
        rechecked = true;
        if (!(await unlessAborted(this.#recheck(current), signal))) throw error;
      }
    }
  }

  #begin(manifest: Uint8Array): Promise<Edition> {
    const edition = this.#parts.start(manifest).then((engine) => ({ engine, arriving: new Map() }));
    // Whoever waits for it is told; nobody may be waiting.
    edition.catch(() => {});
    return edition;
  }

  /** A chunk's arrival, shared by all searches that wait for it, forgotten once it is settled. */
  #chunk(edition: Edition, id: number): Promise<void> {
    let arrival = edition.arriving.get(id);
    if (arrival === undefined) {
      arrival = this.#fetchChunk(edition.engine, id).finally(() => edition.arriving.delete(id));
      edition.arriving.set(id, arrival);
    }
    return arrival;
  }

  /**
   * Fetches one chunk into the engine. An aborted search does not stop it: others may wait for it,
   * and the next letter typed most often needs the same chunk.
   */
  async #fetchChunk(engine: Engine, id: number): Promise<void> {
    const name = engine.chunkName(id);
    const cache = this.#damaged.has(name) ? "reload" : "default";
    const packed = await this.#parts.source.read(name, cache, this.#closing.signal);
    try {
      engine.check(id, packed);
      engine.supply(id, await this.#inflate(name, packed));
      this.#damaged.delete(name);
    } catch (error) {
      this.#damaged.add(name);
      throw error;
    }
  }

  async #inflate(name: string, packed: Uint8Array): Promise<Uint8Array> {
    try {
      return await this.#parts.inflate(packed);
    } catch (cause) {
      throw new SpeirError("index-corrupt", `${name} does not inflate: copy the index folder again`, cause);
    }
  }

  /** True where the index was published again since `current` began, and a new engine reads it. */
  async #recheck(current: Promise<Edition>): Promise<boolean> {
    if (this.#edition !== current) return true;
    this.#rechecking ??= this.#reopen().finally(() => (this.#rechecking = undefined));
    return this.#rechecking;
  }

  async #reopen(): Promise<boolean> {
    const { signal } = this.#closing;
    const manifest = await this.#parts.source.read(MANIFEST_NAME, "no-cache", signal);
    if (sameBytes(manifest, this.#manifest)) return false;
    const edition = this.#begin(manifest);
    await edition;
    if (signal.aborted) return false;
    this.#manifest = manifest;
    this.#edition = edition;
    return true;
  }

  #stopIfOver(signal: AbortSignal | undefined): void {
    if (this.#closing.signal.aborted) {
      throw new SpeirError("closed", "the index was closed: open it again to search");
    }
    if (signal?.aborted) throw aborted(signal);
  }
}

/** The work's outcome, or the abort where that comes first. The work itself goes on. */
function unlessAborted<T>(work: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  if (signal === undefined) return work;
  return new Promise((resolve, reject) => {
    const stop = () => reject(aborted(signal));
    signal.addEventListener("abort", stop, { once: true });
    work.then(resolve, reject).finally(() => signal.removeEventListener("abort", stop));
  });
}

function sameBytes(one: Uint8Array, other: Uint8Array): boolean {
  return one.length === other.length && one.every((byte, at) => byte === other[at]);
}
