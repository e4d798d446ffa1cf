// The one error that Speir throws, and its codes.
//
// Knows nothing of fetching or wasm. Never hides what was thrown: it is the error's `cause`.

/**
 * Why something failed; stable between versions.
 *
 * - `wasm-blocked`: no engine could be had: `speir.wasm` is not there, is no WebAssembly, or the
 *   page's policy forbids it, and so with whatever else was tried in its place
 * - `integrity`: a file is not the one whose hash was given
 * - `index-not-found`: there is no index at the address
 * - `index-version`: the index was written by another version of Speir
 * - `index-corrupt`: a file of the index is damaged
 * - `chunk-missing`: a file that the index names is not there
 * - `network`: a file could not be fetched; the next search tries again
 * - `bad-filter`: a search asks for a field, a bound or an option that the index does not know
 * - `aborted`: the search's signal was aborted
 * - `closed`: the index was closed
 * - `engine-failed`: the engine stopped by a fault of its own; the next search has a new one
 */
export type SpeirErrorCode =
  | "wasm-blocked"
  | "integrity"
  | "index-not-found"
  | "index-version"
  | "index-corrupt"
  | "chunk-missing"
  | "network"
  | "bad-filter"
  | "aborted"
  | "closed"
  | "engine-failed";

/** Every failure of `open()` and `search()`. Its message says what to do. */
export class SpeirError extends Error {
  /** Why it failed. */
  readonly code: SpeirErrorCode;

  constructor(code: SpeirErrorCode, message: string, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause });
    // Callers of fetch look for this name, so an aborted search has it too.
    this.name = code === "aborted" ? "AbortError" : "SpeirError";
    this.code = code;
  }
}

/** The error of a search whose signal was aborted. */
export function aborted(signal: AbortSignal): SpeirError {
  return new SpeirError("aborted", "the search was aborted", signal.reason);
}
