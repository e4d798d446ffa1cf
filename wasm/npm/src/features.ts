// What this browser can do, on this page: found out in microseconds, before anything is fetched.
//
// Asks for the thing itself, never for a browser's name.

/** The smallest module: its magic number and version (WebAssembly Core, 5.5.16). */
const EMPTY_WASM = Uint8Array.of(0, 0x61, 0x73, 0x6d, 1, 0, 0, 0);

/** How chunks are packed. */
const FORMAT = "deflate-raw";

/**
 * Whether WebAssembly is there and the page's policy lets it be compiled. A policy without
 * `'wasm-unsafe-eval'` refuses eight bytes as it refuses the engine, but at once.
 */
export function compilesWasm(): boolean {
  return works(() => new WebAssembly.Module(EMPTY_WASM));
}

/** Whether both this and what `inflates` asks for are there: all that the first way to search needs. */
export function searchesWithWasm(): boolean {
  return works(() => [new DecompressionStream(FORMAT), new WebAssembly.Module(EMPTY_WASM)]);
}

/** Whether the browser undoes raw deflate by itself: since Chrome 103, Firefox 113, Safari 16.4. */
export function inflates(): boolean {
  return works(() => new DecompressionStream(FORMAT));
}

function works(make: () => object): boolean {
  try {
    return !!make();
  } catch {
    return false;
  }
}
