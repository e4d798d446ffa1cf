// The loop that answers every question: ask the engine, fetch what it needs, supply it, ask again.
//
// Knows an engine, a source of files, and when a failure may be tried again. Knows neither wasm
// nor HTTP. Never answers with less than the whole: what fails rejects, and is not kept.
//
// The engine starts from the front each time it is asked and keeps nothing of a question, so one
// may go on with another engine than it began with.

import type { Engine } from "./engine.ts";
import { SpeirError, aborted } from "./errors.ts";
import { MANIFEST_NAME } from "./loader.ts";
import type { Source } from "./loader.ts";
import type { EngineName, Hit, MoreOptions, RelatedOptions, Page, SearchIndex, SearchOptions, Suggestion } from "./types.ts";

/** Bytes before a chunk's deflated ones. */
const SEAL_BYTES = 4;

/**
 * Most bytes between two chunks that are fetched together: about what another request costs in
 * headers, and in waiting where a server answers few at a time. `speir build` counts requests by it.
 */
const MAX_GAP_BYTES = 1024;

/** Completions and related records, where the caller does not say how many. */
const DEFAULT_MORE = 6;

/** What a driver is put together from. */
export interface Parts {
  /** What `start` starts. */
  engine: EngineName;
  source: Source;
  /** Undoes raw deflate. */
  inflate(packed: Uint8Array): Promise<Uint8Array>;
  /** Starts an engine for the index of these manifest bytes. */
  start(manifest: Uint8Array): Promise<Engine>;
}

/** Where a chunk is: in a part of a file, or, where its length is 0, the whole of it. */
interface Place {
  id: number;
  name: string;
  start: number;
  length: number;
}

/** One engine, and the chunks on their way to it. */
interface Edition {
  engine: Engine;
  arriving: Map<number, Promise<void>>;
}

/** What is asked: its answer, or the chunks that the engine needs for it and does not have. */
type Question<T> = (engine: Engine) => Uint32Array | T;

/** An opened index. */
export class Driver implements SearchIndex {
  readonly engine: EngineName;
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
    this.engine = parts.engine;
    this.#parts = parts;
    this.#manifest = manifest;
    this.#edition = this.#begin(manifest);
  }

  search(text: string, options: SearchOptions = {}): Promise<Page> {
    return this.#ask((engine) => engine.search(text, options), options.signal);
  }

  suggest(typed: string, { limit = DEFAULT_MORE, signal }: MoreOptions = {}): Promise<Suggestion[]> {
    return this.#ask((engine) => engine.suggest(typed, limit), signal);
  }

  async related(id: string, { limit = DEFAULT_MORE, lang = "", signal }: RelatedOptions = {}): Promise<Hit[]> {
    return (await this.#ask((engine) => engine.related(id, limit, lang), signal)).hits;
  }

  close(): void {
    this.#edition = undefined;
    this.#closing.abort();
  }

  async #ask<T>(question: Question<T>, signal: AbortSignal | undefined): Promise<T> {
    try {
      return await this.#answer(question, signal);
    } catch (error) {
      // What failed because the question was over is told as that.
      this.#stopIfOver(signal);
      throw error;
    }
  }

  async #answer<T>(question: Question<T>, signal: AbortSignal | undefined): Promise<T> {
    let rechecked = false;
    for (;;) {
      this.#stopIfOver(signal);
      const current = this.#edition!;
      try {
        const edition = await unlessAborted(current, signal);
        if (this.#edition !== current) continue;
        const step = question(edition.engine);
        if (!(step instanceof Uint32Array)) return step;
        await unlessAborted(this.#arrival(edition, step), signal);
      } catch (error) {
        const code = error instanceof SpeirError ? error.code : undefined;
        // A stopped engine may hold anything: the next question has a new one.
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

  /** The arrival of chunks, shared by all questions that wait for one, forgotten once it is settled. */
  #arrival({ engine, arriving }: Edition, step: Uint32Array): Promise<unknown> {
    const places: Place[] = [];
    const under: (Promise<void> | undefined)[] = [];
    for (let at = 0; at < step.length; at += 3) {
      const [id, start, length] = step.subarray(at) as unknown as [number, number, number];
      if (arriving.has(id)) under.push(arriving.get(id));
      else places.push({ id, name: engine.chunkName(id), start, length });
    }
    for (const run of runs(places)) {
      const arrival = this.#fetchRun(engine, run).finally(() => {
        for (const { id } of run) arriving.delete(id);
      });
      for (const { id } of run) arriving.set(id, arrival);
      under.push(arrival);
    }
    return Promise.all(under);
  }

  /**
   * Fetches chunks of one file into the engine, with what lies between them. An aborted question does
   * not stop it: others may wait for it, and the next letter typed most often needs the same chunks.
   */
  async #fetchRun(engine: Engine, run: Place[]): Promise<void> {
    const { name, start } = run[0]!;
    const length = end(run.at(-1)!) - start;
    const part = length > 0 ? { start, length } : undefined;
    for (;;) {
      const wasDamaged = this.#damaged.has(name);
      const cache = wasDamaged ? "reload" : "default";
      const packed = await this.#parts.source.read(name, cache, this.#closing.signal, part);
      try {
        for (const place of run) {
          const own = part ? packed.subarray(place.start - start, end(place) - start) : packed;
          engine.supply(place.id, ...(await this.#unpack(name, own)));
        }
        this.#damaged.delete(name);
        return;
      } catch (error) {
        this.#damaged.add(name);
        // Not every server sends the part that was asked for.
        if (part === undefined || wasDamaged) throw error;
      }
    }
  }

  /** The number that stands before a chunk's deflated bytes, and these inflated. */
  async #unpack(name: string, packed: Uint8Array): Promise<[number, Uint8Array]> {
    try {
      const seal = new DataView(packed.buffer, packed.byteOffset).getUint32(0, true);
      return [seal, await this.#parts.inflate(packed.subarray(SEAL_BYTES))];
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

/** Chunks that are near each other in a file, together, in the order of their places. */
function runs(places: Place[]): Place[][] {
  places.sort((a, b) => (a.name === b.name ? a.start - b.start : a.name < b.name ? -1 : 1));
  const runs: Place[][] = [];
  for (const place of places) {
    const run = runs.at(-1);
    const last = run?.at(-1);
    if (last?.name === place.name && place.start - end(last) <= MAX_GAP_BYTES) run!.push(place);
    else runs.push([place]);
  }
  return runs;
}

/** Where a chunk ends in its file. */
function end({ start, length }: Place): number {
  return start + length;
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
