// The engine: one instance, of wasm or of plain JavaScript, that holds one index. Plain options in,
// plain results out.
//
// Knows wasm-bindgen's glue, and is the only file that does. Never fetches.
// Each engine has an instance, and so a memory, of its own: one that stopped by a fault can be
// thrown away alone, and a closed index gives all its memory back.

import { createGlue } from "../glue/speir.js";
import { SpeirError } from "./errors.ts";
import type { SpeirErrorCode } from "./errors.ts";
import type { FilterRange, FilterValue, Page, SearchOptions, Suggestion } from "./types.ts";

/**
 * What an engine is started from: compiled wasm, or a function that does in JavaScript what
 * instantiating it would do, and gives the same exports.
 */
export type Code = WebAssembly.Module | ((imports: WebAssembly.Imports) => WebAssembly.Exports);

/** An opened index and the chunks supplied to it. Every method throws `SpeirError` only. */
export interface Engine {
  /** The file name of a chunk. */
  chunkName(id: number): string;
  /** Gives the engine the inflated bytes of a chunk, and the number that stands before the packed ones. */
  supply(id: number, seal: number, raw: Uint8Array): void;
  /**
   * The chunks that the search needs and does not have, or its result. For each chunk three numbers:
   * its own, where it begins in its file, and its length there, or 0 where it is the whole file.
   */
  search(text: string, options: SearchOptions): Uint32Array | Page;
  /** The chunks that the completions need, or those. */
  suggest(typed: string, limit: number): Uint32Array | Suggestion[];
  /** The chunks that the records like this one need, or a page whose hits those are. */
  related(id: string, limit: number, lang: string): Uint32Array | Page;
}

/** Most letters of a query that are handed on: more than the engine reads, so that it can say so. */
const MAX_QUERY_CHARS = 20_000;

/** Hits on a page, where the caller does not say how many. */
const DEFAULT_LIMIT = 10;

/** The engine counts in 32 bits. */
const MAX_COUNT = 0xffff_ffff;

const MATCHES: readonly unknown[] = ["auto", "all", "any"];

/** What the engine's codes mean to a caller of `open()` and `search()`. */
const CODES: Readonly<Record<string, SpeirErrorCode>> = {
  // Something answered, but not with an index: a page for wrong addresses, most often.
  "not-an-index": "index-not-found",
  "index-version": "index-version",
  "index-corrupt": "index-corrupt",
  "bad-filter": "bad-filter",
};

/** Starts an engine for the index whose `index.json` has these bytes. */
export async function startEngine(
  code: Code,
  manifest: Uint8Array,
): Promise<Engine> {
  const glue = createGlue();
  try {
    glue.start(
      typeof code === "function"
        ? { exports: code(glue.imports) }
        : await WebAssembly.instantiate(code, glue.imports),
    );
  } catch (thrown) {
    throw translate(thrown);
  }
  const engine = guard(() => new glue.Engine(manifest));
  return {
    chunkName: (id) => guard(() => engine.chunkName(id)),
    supply: (id, seal, raw) => guard(() => engine.supply(id, seal, raw)),
    search: (text, options) =>
      guard(() => {
        const { limit = DEFAULT_LIMIT, offset = 0 } = options;
        const counts = [count("limit", limit), count("offset", offset)] as const;
        return read<Page>(engine.search(readable(text), toRequest(options), ...counts));
      }),
    suggest: (typed, limit) => guard(() => read(engine.suggest(readable(typed), count("limit", limit)))),
    related: (id, limit, lang) =>
      guard(() => read(engine.related(`${lang}\0${id ?? ""}`, count("limit", limit)))),
  };
}

/** What the engine gives back: where chunks are, or an answer as JSON. */
function read<T>(given: unknown): Uint32Array | T {
  return typeof given === "string" ? (JSON.parse(given) as T) : (given as Uint32Array);
}

/** What was typed, as the index's words are written: letters composed, and not without end. */
function readable(text: string): string {
  return `${text ?? ""}`.slice(0, MAX_QUERY_CHARS).normalize("NFC");
}

/** The options but for counts, as `wasm/src/lib.rs` reads them: pieces with a zero between. */
function toRequest(options: SearchOptions): string {
  const { filters = {}, facets = [], sort, match, lang } = options;
  const { today = localDate() } = options;
  const pieces: string[] = [];
  for (const [field, accepted] of Object.entries(filters)) {
    if (accepted === undefined) continue;
    const values: readonly FilterValue[] = Array.isArray(accepted) ? accepted : [accepted];
    for (const value of values) pieces.push(...accept(field, value));
  }
  for (const field of new Set(facets)) pieces.push(`#${field}`);
  if (sort !== undefined) pieces.push(`s${sort}`);
  if (match !== undefined) {
    if (!MATCHES.includes(match)) {
      throw new SpeirError("bad-filter", `match should be "auto", "all" or "any", but is ${show(match)}`);
    }
    pieces.push(`m${match}`);
  }
  if (lang !== undefined) pieces.push(`g${lang}`);
  if (typeof today === "string") pieces.push(`d${today}`);
  return pieces.map((piece) => piece.replaceAll("\0", "\ufffd")).join("\0");
}

/** The reader's own date. */
function localDate(): string {
  const now = new Date();
  const two = (number: number) => `${number}`.padStart(2, "0");
  return `${now.getFullYear()}-${two(now.getMonth() + 1)}-${two(now.getDate())}`;
}

function accept(field: string, value: FilterValue): string[] {
  if (value === null) return [`?${field}`];
  if (isScalar(value)) return [`=${field}`, String(value)];
  if (isRange(value)) {
    const [from, to] = [end(value.from), end(value.to)];
    return from || to ? [`<${field}`, from, to] : [];
  }
  throw new SpeirError(
    "bad-filter",
    `filter ${show(field)} should be text, a number, a truth value, null or { from, to }, or a ` +
      `list of these, but is ${show(value)}`,
  );
}

function isScalar(value: unknown): value is string | number | boolean {
  return typeof value === "string" || typeof value === "boolean" || Number.isFinite(value);
}

function isRange(value: unknown): value is FilterRange {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return false;
  return Object.entries(value).every(
    ([key, bound]) => (key === "from" || key === "to") && (bound == null || isScalar(bound)),
  );
}

/** An end of a range; a form's empty box leaves the range open. */
function end(bound: string | number | null | undefined): string {
  return `${bound ?? ""}`;
}

function count(name: string, value: number): number {
  if (Number.isSafeInteger(value) && value >= 0) return Math.min(value, MAX_COUNT);
  throw new SpeirError("bad-filter", `${name} should be a whole number from 0, but is ${show(value)}`);
}

function show(value: unknown): string {
  return typeof value === "string" || (typeof value === "object" && value !== null)
    ? JSON.stringify(value)
    : String(value);
}

function guard<T>(work: () => T): T {
  try {
    return work();
  } catch (thrown) {
    throw translate(thrown);
  }
}

/** What the engine threw: a text with a code is an answer, anything else a fault of the engine. */
function translate(thrown: unknown): SpeirError {
  if (thrown instanceof SpeirError) return thrown;
  const [, code = "", message = ""] = /^(\S+) (.*)$/s.exec(String(thrown)) ?? [];
  const known = typeof thrown === "string" ? CODES[code] : undefined;
  return known === undefined
    ? new SpeirError("engine-failed", `the search engine stopped by a fault: ${String(thrown)}`, thrown)
    : new SpeirError(known, message);
}
