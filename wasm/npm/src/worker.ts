// The worker's half of an index: does what it is ordered to, with loader, engine and driver of its own.
//
// The file `speir-worker.js`, which is all that a worker needs besides the wasm. Knows no page. Says
// at once that it runs, and whether wasm may be compiled here.

import { SpeirError } from "./errors.ts";
import { compilesWasm } from "./features.ts";
import { openHere } from "./here.ts";
import { loadChecked } from "./integrity.ts";
import { loadModule } from "./loader.ts";
import type { Hello, Order, Outcome, Stop, Task } from "./messages.ts";
import type { SearchIndex } from "./types.ts";

/** What a worker's own thread has, of what is used here. */
const scope = globalThis as unknown as {
  postMessage(message: Hello | Outcome): void;
  onmessage(event: MessageEvent<Order | Stop>): void;
};

let index: SearchIndex | undefined;
let refused: unknown;
const underWay = new Map<number, AbortController>();

scope.onmessage = ({ data }) => {
  if (data.task === "stop") underWay.get(data.id)?.abort();
  else void carryOut(data);
};
scope.postMessage({ compilesWasm: compilesWasm() });

async function carryOut(order: Order): Promise<void> {
  const { id } = order;
  const controller = new AbortController();
  underWay.set(id, controller);
  try {
    scope.postMessage({ id, value: await done(order, controller.signal) });
  } catch (error) {
    const { code, message } =
      error instanceof SpeirError ? error : new SpeirError("engine-failed", String(error));
    scope.postMessage({ id, code, message, isRefusal: error === refused && code !== "integrity" });
  } finally {
    underWay.delete(id);
  }
}

async function done(task: Task, signal: AbortSignal): Promise<unknown> {
  if (task.task === "open") {
    index = await open(task);
    return undefined;
  }
  if (!index) throw new SpeirError("closed", "the worker has opened no index");
  const { text } = task;
  if (task.task === "search") return index.search(text, { ...task.options, signal });
  const options = task.limit === undefined ? { signal } : { limit: task.limit, signal };
  if (task.task === "suggest") return index.suggest(text, options);
  return index.related(text, task.lang === undefined ? options : { ...options, lang: task.lang });
}

/** As `open()` does on a page, for the one way that is left here. */
function open({ folder, wasm, integrity }: Extract<Task, { task: "open" }>): Promise<SearchIndex> {
  const fetch = globalThis.fetch.bind(globalThis);
  const code = integrity
    ? loadChecked({ loadModule, SpeirError }, wasm, integrity, fetch)
    : loadModule(wasm, fetch);
  code.catch((error: unknown) => (refused = error));
  return openHere(new URL(folder), code, fetch);
}
