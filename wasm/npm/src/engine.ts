// The engine: one wasm instance that holds one index. Plain options in, plain results out.
//
// Knows wasm-bindgen's glue, and is the only file that does. Never fetches.
// Each engine has an instance, and so a memory, of its own: one that stopped by a fault can be
// thrown away alone, and a closed index gives all its memory back.

import { createGlue } from "../glue/speir.js";
import type { Request } from "../glue/speir.js";
import { SpeirError } from "./errors.ts";
import type { SpeirErrorCode } from "./errors.ts";
import type { FilterRange, FilterValue, Page, SearchOptions } from "./types.ts";

/** An opened index and the chunks supplied to it. Every method throws `SpeirError` only. */
export interface Engine {
  /** The file name of a chunk. */
  chunkName(id: number): string;
  /** Checks the bytes of a chunk's file, before they are inflated. */
  check(id: number, packed: Uint8Array): void;
  /** Gives the engine the inflated bytes of a chunk. */
  supply(id: number, raw: Uint8Array): void;
  /** The chunks that the search needs and does not have, or its result. */
  search(text: string, options: SearchOptions): Uint32Array | Page;
}

/** Most letters of a query that are handed on: more than the engine reads, so that it can say so. */
const MAX_QUERY_CHARS = 20_000;

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
  module: WebAssembly.Module,
  manifest: Uint8Array,
): Promise<Engine> {
  const glue = createGlue();
  try {
    glue.start(await WebAssembly.instantiate(module, glue.imports));
  } catch (thrown) {
    throw translate(thrown);
  }
  const engine = guard(() => new glue.Engine(manifest));
  return {
    chunkName: (id) => guard(() => engine.chunkName(id)),
    check: (id, packed) => guard(() => engine.check(id, packed)),
    supply: (id, raw) => guard(() => engine.supply(id, raw)),
    search: (text, options) =>
      guard(() => {
        const request = new glue.Request(readable(text));
        try {
          fill(request, options);
          const found = engine.search(request) as Uint32Array | string;
          return typeof found === "string" ? (JSON.parse(found) as Page) : found;
        } finally {
          request.free();
        }
      }),
  };
}

/** What was typed, as the index's words are written: letters composed, and not without end. */
function readable(text: string): string {
  return `${text ?? ""}`.slice(0, MAX_QUERY_CHARS).normalize("NFC");
}

function fill(request: Request, options: SearchOptions): void {
  const { filters = {}, facets = [], sort, match, limit, offset, lang, explain } = options;
  for (const [field, accepted] of Object.entries(filters)) {
    if (accepted === undefined) continue;
    const values: readonly FilterValue[] = Array.isArray(accepted) ? accepted : [accepted];
    for (const value of values) accept(request, field, value);
  }
  for (const field of facets) request.facet(field);
  if (sort !== undefined) request.sort(sort);
  if (match !== undefined) {
    if (!MATCHES.includes(match)) {
      throw new SpeirError("bad-filter", `match should be "auto", "all" or "any", but is ${show(match)}`);
    }
    request.matching(match);
  }
  if (limit !== undefined) request.limit(count("limit", limit));
  if (offset !== undefined) request.offset(count("offset", offset));
  if (lang !== undefined) request.lang(lang);
  if (explain === true) request.explain();
}

function accept(request: Request, field: string, value: FilterValue): void {
  if (value === null) {
    request.filterMissing(field);
  } else if (isScalar(value)) {
    request.filterValue(field, String(value));
  } else if (isRange(value)) {
    const [from, to] = [end(value.from), end(value.to)];
    if (from !== undefined || to !== undefined) request.filterRange(field, from, to);
  } else {
    throw new SpeirError(
      "bad-filter",
      `filter ${show(field)} should be text, a number, a truth value, null or { from, to }, or a ` +
        `list of these, but is ${show(value)}`,
    );
  }
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
function end(bound: string | number | null | undefined): string | undefined {
  return bound == null || bound === "" ? undefined : String(bound);
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
