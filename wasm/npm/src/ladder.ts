// The ladder: which engine is tried after which, where the first is refused or another is asked for.
//
//   main     wasm on the page's thread; index.ts has tried it already where nothing else was asked for
//   worker   wasm in a worker, which has its policy from its own response: where a site sends the
//            policy with its pages alone, wasm is refused on the page and runs there
//   js       the same engine as plain JavaScript
//
// Knows which refusal lets it go on. A failure of the index, or a file that is not the one whose hash
// was given, never does: another engine would meet the same, or would run what it must not.
// Fetched only where it is needed. What it shares with `speir.js` it is handed, so that nothing is
// there twice, the class of errors above all.

import { inflateSync } from "fflate";

import type { Driver, Parts } from "./driver.ts";
import type { Code } from "./engine.ts";
import type { SpeirError } from "./errors.ts";
import { compilesWasm, inflates } from "./features.ts";
import { loadChecked } from "./integrity.ts";
import type { loadModule } from "./loader.ts";
import type { EngineName, OpenOptions, SearchIndex } from "./types.ts";
import { openInWorker } from "./worker-index.ts";

/** What `index.ts` hands down. */
export interface Means {
  /** Opens the index with an engine that may still be on its way. */
  begin(engine: EngineName, code: Promise<Code>, inflate?: Parts["inflate"]): Promise<Driver>;
  loadModule: typeof loadModule;
  SpeirError: typeof SpeirError;
  /** The engine's wasm, or where it is. */
  wasm: NonNullable<OpenOptions["wasm"]>;
}

/** An engine that is not to be had here. */
export class Refusal {
  readonly reason: unknown;

  constructor(reason: unknown) {
    this.reason = reason;
  }
}

const ORDERS: Readonly<Record<NonNullable<OpenOptions["engine"]>, readonly EngineName[]>> = {
  auto: ["main", "worker", "js"],
  main: ["main", "js"],
  worker: ["worker", "main", "js"],
  js: ["js"],
};

/** Everything that is known of what is to be opened. */
export type Wish = Means & OpenOptions & { base: string | URL; wasm: Means["wasm"] };

const RUNGS: Readonly<Record<EngineName, (wish: Wish) => Promise<SearchIndex>>> = {
  main: onThisThread,
  worker: inWorker,
  js: inJavaScript,
};

/**
 * Opens an index with the first engine that is to be had.
 *
 * @param refused why wasm could not be had on this page, where that was tried and not the policy's
 *   doing: then a worker would fail as well
 */
export async function descend(
  base: string | URL,
  options: OpenOptions,
  means: Means,
  refused: unknown,
): Promise<SearchIndex> {
  const reasons = refused ? [`main: ${told(refused)}`] : [];
  for (const engine of refused ? ORDERS.js : order(options.engine)) {
    try {
      return await RUNGS[engine]({ ...options, ...means, base });
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      reasons.push(`${engine}: ${told(error.reason)}`);
    }
  }
  throw new means.SpeirError("wasm-blocked", `no engine can be had here; ${reasons.join("; ")}`, refused);
}

function order(engine: OpenOptions["engine"]): readonly EngineName[] {
  const order = ORDERS[engine ?? "auto"];
  // A slip in a page's attribute must not take the search away.
  if (!order) console.warn(`speir: engine should be ${Object.keys(ORDERS).join(", ")}, but is ${engine}`);
  return order ?? ORDERS.auto;
}

const NO_WASM = "this browser runs no WebAssembly";

const hasWasm = () => typeof WebAssembly !== "undefined";

async function onThisThread(wish: Wish): Promise<SearchIndex> {
  const { fetch = globalThis.fetch.bind(globalThis), integrity, wasm } = wish;
  if (!hasWasm()) throw new Refusal(NO_WASM);
  // Who hands over a compiled module may be where compiling is refused.
  if (!(wasm instanceof WebAssembly.Module) && !compilesWasm()) {
    throw new Refusal("the policy needs 'wasm-unsafe-eval' in script-src");
  }
  const code = integrity ? loadChecked(wish, wasm, integrity, fetch) : wish.loadModule(wasm, fetch);
  return begin("main", code, wish);
}

async function inWorker(wish: Wish): Promise<SearchIndex> {
  // Where a page has none, its workers have none.
  if (!hasWasm()) throw new Refusal(NO_WASM);
  if (wish.fetch) throw new Refusal("a worker cannot use a fetch that is given");
  if (!inflates()) throw new Refusal("this browser does not inflate by itself");
  return openInWorker(wish);
}

async function inJavaScript(wish: Wish): Promise<SearchIndex> {
  return begin("js", plainCode(wish), wish);
}

async function plainCode({ SpeirError }: Wish): Promise<Code> {
  const { start } = await import("./js.ts");
  // A copy that broke off before its first byte is a script, too.
  if (!start) throw new SpeirError("wasm-blocked", "speir-engine.js is empty: copy it again");
  return start;
}

/** Opens the index; where it is the engine that failed, that is a refusal. */
async function begin(engine: EngineName, code: Promise<Code>, means: Means): Promise<SearchIndex> {
  let refused: unknown;
  code.catch((error: unknown) => (refused = error));
  try {
    return await means.begin(engine, code, inflates() ? undefined : inflate);
  } catch (error) {
    const isTampered = error instanceof means.SpeirError && error.code === "integrity";
    throw error === refused && !isTampered ? new Refusal(error) : error;
  }
}

/** Undoes raw deflate where the browser does not: RFC 1951, by fflate. */
async function inflate(packed: Uint8Array): Promise<Uint8Array> {
  return inflateSync(packed);
}

function told(reason: unknown): string {
  return reason instanceof Error ? reason.message : String(reason);
}
