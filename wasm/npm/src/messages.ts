// What a page and its worker say to each other: types alone, and all of it plain data.
//
//   worker → page   Hello, once, as soon as it runs
//   page → worker   an Order with a number of its own, or Stop with the number of an order
//   worker → page   an Outcome with the order's number; one for each order that was not stopped
//
// The first order is to open an index. A worker has one index and ends with it.

import type { SpeirErrorCode } from "./errors.ts";
import type { SearchOptions } from "./types.ts";

/** The worker runs. */
export interface Hello {
  /** Whether wasm is allowed there. */
  compilesWasm: boolean;
}

/** What the worker is to do. */
export type Task =
  | { task: "open"; folder: string; wasm: string | BufferSource | WebAssembly.Module; integrity?: string | undefined }
  | { task: "search"; text: string; options: SearchOptions }
  | { task: "suggest"; text: string; limit: number | undefined }
  | { task: "related"; text: string; limit: number | undefined; lang: string | undefined };

/** A task with its number. */
export type Order = Task & { id: number };

/** Nobody waits for an order any more. */
export interface Stop {
  task: "stop";
  id: number;
}

/** How an order ended. */
export type Outcome = { id: number } & (
  | { value: unknown }
  | {
      code: SpeirErrorCode;
      message: string;
      /** Whether it was the engine that could not be had. */
      isRefusal: boolean;
    }
);
