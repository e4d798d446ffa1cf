// The page's half of an index whose engine runs in a worker: starts it, asks it, ends it.
//
// Knows messages and nothing of searching. The worker fetches, inflates and searches by itself, so
// that the page's thread is free. A worker that ends by a fault is replaced by the next question.

import { Refusal } from "./ladder.ts";
import type { Means, Wish } from "./ladder.ts";
import { folderUrl } from "./loader.ts";
import type { Hello, Outcome, Stop, Task } from "./messages.ts";
import type { Hit, MoreOptions, RelatedOptions, Page, SearchIndex, SearchOptions, Suggestion } from "./types.ts";

/**
 * How long a worker may take to say that it runs: its script is 7 KB, and half of the time after
 * which the element gives a search up is left for the next engine.
 */
const START_MS = 4000;

/** The one policy of ours, where scripts' addresses have to be vouched for (W3C, Trusted Types). */
const POLICY_NAME = "speir";

/** The worker's script. Written out in full: bundlers look for exactly this. */
const scriptUrl = () => new URL("./speir-worker.js", import.meta.url);

interface Policy {
  createScriptURL(text: string): string;
}

interface PolicyFactory {
  createPolicy(name: string, rules: Policy): Policy;
}

let policy: Policy | undefined;

/** Opens the index of a page's options in a worker. */
export async function openInWorker(wish: Wish): Promise<SearchIndex> {
  const index = new WorkerIndex(wish);
  try {
    await index.opened;
    return index;
  } catch (error) {
    index.close();
    throw error;
  }
}

/** A worker that has opened the index, and those who wait for its answers. */
class Connection {
  readonly #waiting = new Map<number, { resolve(value: unknown): void; reject(error: unknown): void }>();
  readonly #means: Means;
  readonly #worker: Worker;
  #n = 0;
  /** Why no answer will come any more. */
  #end: { error: unknown } | undefined;

  constructor(means: Means, worker: Worker, onFault: () => void) {
    this.#means = means;
    this.#worker = worker;
    worker.onmessage = ({ data }: MessageEvent<Outcome>) => this.#hear(data);
    worker.onerror = (event) => {
      onFault();
      const message = `the search engine's worker stopped by a fault: ${event.message}`;
      this.end(new means.SpeirError("engine-failed", message, event));
    };
  }

  /** Has a task done. A task whose signal is aborted is forwarded as such, and rejects at once. */
  order(task: Task, signal?: AbortSignal): Promise<unknown> {
    const id = (this.#n += 1);
    return new Promise((resolve, reject) => {
      if (this.#end) return reject(this.#end.error);
      const stop = () => {
        this.#waiting.delete(id);
        this.#worker.postMessage({ task: "stop", id } satisfies Stop);
        reject(stopped(this.#means, signal));
      };
      const settled = () => signal?.removeEventListener("abort", stop);
      this.#waiting.set(id, {
        resolve: (value) => (settled(), resolve(value)),
        reject: (error) => (settled(), reject(error)),
      });
      signal?.addEventListener("abort", stop, { once: true });
      try {
        this.#worker.postMessage({ ...task, id });
      } catch (cause) {
        const message = "what is asked of a worker should be plain data, without functions or elements";
        this.#hear({ id, code: "bad-filter", message, isRefusal: false }, cause);
      }
    });
  }

  #hear(outcome: Outcome, cause?: unknown): void {
    const waiting = this.#waiting.get(outcome.id);
    this.#waiting.delete(outcome.id);
    if ("value" in outcome) return waiting?.resolve(outcome.value);
    const error = new this.#means.SpeirError(outcome.code, outcome.message, cause);
    waiting?.reject(outcome.isRefusal ? new Refusal(error) : error);
  }

  /** Ends the worker; whoever waits is told `error`. */
  end(error: unknown): void {
    this.#end = { error };
    this.#worker.terminate();
    for (const { reject } of this.#waiting.values()) reject(error);
    this.#waiting.clear();
  }
}

/** An index that a worker has opened. */
class WorkerIndex implements SearchIndex {
  readonly engine = "worker";
  readonly #wish: Wish;
  #connection: Promise<Connection> | undefined;
  #isClosed = false;

  constructor(wish: Wish) {
    this.#wish = wish;
    this.#connection = this.#connect();
  }

  /** Settled once the index is open, or cannot be opened. */
  get opened(): Promise<unknown> | undefined {
    return this.#connection;
  }

  search(text: string, { signal, ...options }: SearchOptions = {}): Promise<Page> {
    return this.#ask({ task: "search", text, options }, signal) as Promise<Page>;
  }

  suggest(typed: string, { limit, signal }: MoreOptions = {}): Promise<Suggestion[]> {
    return this.#ask({ task: "suggest", text: typed, limit }, signal) as Promise<Suggestion[]>;
  }

  related(id: string, { limit, lang, signal }: RelatedOptions = {}): Promise<Hit[]> {
    return this.#ask({ task: "related", text: id, limit, lang }, signal) as Promise<Hit[]>;
  }

  close(): void {
    this.#isClosed = true;
    this.#connection?.then(
      (connection) => connection.end(this.#closed()),
      () => {},
    );
  }

  async #ask(task: Task, signal: AbortSignal | undefined): Promise<unknown> {
    this.#stopIfOver(signal);
    const connection = await (this.#connection ??= this.#connect()).catch((error: unknown) => {
      if (!(error instanceof Refusal)) throw error;
      const message = "the search engine's worker could not be started again: search again to retry";
      throw new this.#wish.SpeirError("engine-failed", message, error.reason);
    });
    // Either may have come while the worker was started anew.
    this.#stopIfOver(signal);
    return connection.order(task, signal);
  }

  async #connect(): Promise<Connection> {
    const { base, integrity, SpeirError, wasm } = this.#wish;
    const worker = await running();
    const connection = new Connection(this.#wish, worker, () => (this.#connection = undefined));
    try {
      if (wasm instanceof Response) throw new Refusal("a response cannot be handed to a worker");
      // Its own address is a script's, or that of a bundler's making: the page knows where the wasm is.
      const code = wasm instanceof URL ? wasm.href : typeof wasm === "string" ? new URL(wasm, pageUrl()).href : wasm;
      await connection.order({ task: "open", folder: folderUrl(base, pageUrl()).href, wasm: code, integrity });
      return connection;
    } catch (error) {
      this.#connection = undefined;
      connection.end(new SpeirError("engine-failed", "the index was not opened", error));
      throw error;
    }
  }

  #stopIfOver(signal: AbortSignal | undefined): void {
    if (this.#isClosed) throw this.#closed();
    if (signal?.aborted) throw stopped(this.#wish, signal);
  }

  #closed(): SpeirErrorOf {
    return new this.#wish.SpeirError("closed", "the index was closed: open it again to search");
  }
}

type SpeirErrorOf = InstanceType<Means["SpeirError"]>;

function stopped(means: Means, signal: AbortSignal | undefined): SpeirErrorOf {
  return new means.SpeirError("aborted", "the search was aborted", signal?.reason);
}

function pageUrl(): string | undefined {
  return globalThis.document?.baseURI ?? globalThis.location?.href;
}

/** A worker that runs and may compile wasm; rejects with a refusal. */
function running(): Promise<Worker> {
  return new Promise((resolve, reject) => {
    let worker: Worker | undefined;
    const refuse = (reason: string) => {
      clearTimeout(deadline);
      worker?.terminate();
      reject(new Refusal(reason));
    };
    const deadline = setTimeout(() => refuse(`it said nothing for ${START_MS} ms`), START_MS);
    try {
      worker = new Worker(vouched(scriptUrl().href), { type: "module", name: "speir" });
    } catch (error) {
      // No workers here, or a policy that knows nothing of ours.
      return refuse(String(error));
    }
    const { href } = scriptUrl();
    worker.onerror = (event) => {
      // What failed is told here, and not on the page's console as well.
      event.preventDefault();
      refuse(`${href} is missing, is no script, or is refused by worker-src`);
    };
    worker.onmessage = ({ data }: MessageEvent<Hello>) => {
      if (!data.compilesWasm) return refuse(`the policy that ${href} is sent with refuses wasm too`);
      clearTimeout(deadline);
      resolve(worker!);
    };
  });
}

/** The script's address as a page may use it that trusts no text. No other address is vouched for. */
function vouched(url: string): string {
  const { trustedTypes } = globalThis as { trustedTypes?: PolicyFactory };
  if (!trustedTypes) return url;
  policy ??= trustedTypes.createPolicy(POLICY_NAME, { createScriptURL: () => url });
  return policy.createScriptURL(url);
}
