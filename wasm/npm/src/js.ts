// The engine as plain JavaScript: the file `speir-engine.js`, fetched only where WebAssembly is refused.
//
// `cargo xtask dist` makes it of the finished wasm, so it gives the same answers; it takes longer.

import { engine } from "../glue/engine.js";

/** Starts an engine with a memory of its own, as `WebAssembly.instantiate` would: its exports. */
export const start: (imports: WebAssembly.Imports) => WebAssembly.Exports = engine;
