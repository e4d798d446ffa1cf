// Gets bytes: files of an index, the engine's wasm, and chunks inflated.
//
// Knows addresses and HTTP statuses. Never looks into the bytes, and keeps none of them: the
// browser's HTTP cache does that, and the engine holds what was supplied to it.

import { SpeirError } from "./errors.ts";
import type { OpenOptions } from "./types.ts";

/** The one file of an index that keeps its name when the site is published again. */
export const MANIFEST_NAME = "index.json";

/** Where the files of one index are. */
export interface Source {
  /**
   * The bytes of a file.
   *
   * Rejects with `index-not-found` or `chunk-missing` where the file is not there, and with
   * `network` for every other reason.
   */
  read(name: string, cache: RequestCache, signal: AbortSignal): Promise<Uint8Array>;
}

/** The error for a file of an index that is not there. */
export function missing(name: string, place: string, cause?: unknown): SpeirError {
  return name === MANIFEST_NAME
    ? new SpeirError(
        "index-not-found",
        `there is no index at ${place}: give open() the folder that \`speir build\` wrote`,
        cause,
      )
    : new SpeirError(
        "chunk-missing",
        `${place} is missing: copy the index folder again, whole`,
        cause,
      );
}

/** An index on a web server. */
export function webSource(base: URL, fetch: typeof globalThis.fetch): Source {
  return {
    async read(name, cache, signal) {
      const url = new URL(name, base).href;
      const response = await request(fetch, url, { cache, signal });
      if (response.status === 404 || response.status === 410) throw missing(name, url);
      return body(response, url);
    },
  };
}

/** The address of a folder, from what a person writes: the last slash may be left out. */
export function folderUrl(base: string | URL, relativeTo?: string): URL {
  const url = new URL(base, relativeTo);
  if (!url.pathname.endsWith("/")) url.pathname += "/";
  return url;
}

/**
 * The engine, compiled.
 *
 * Always from an ArrayBuffer: the streaming way refuses a wrong MIME type, which many servers of
 * plain files send. Rejects with `wasm-blocked` or `network`.
 */
export async function loadModule(
  wasm: NonNullable<OpenOptions["wasm"]>,
  fetch: typeof globalThis.fetch,
): Promise<WebAssembly.Module> {
  if (typeof WebAssembly === "undefined") {
    throw new SpeirError("wasm-blocked", "this browser runs no WebAssembly");
  }
  if (wasm instanceof WebAssembly.Module) return wasm;
  const bytes = await wasmBytes(wasm, fetch);
  try {
    return await WebAssembly.compile(bytes);
  } catch (cause) {
    throw new SpeirError(
      "wasm-blocked",
      "speir.wasm could not be compiled: the page's Content-Security-Policy needs " +
        "'wasm-unsafe-eval' in script-src, and the file must be the one that Speir came with",
      cause,
    );
  }
}

async function wasmBytes(
  wasm: string | URL | Response | BufferSource,
  fetch: typeof globalThis.fetch,
): Promise<BufferSource> {
  if (wasm instanceof ArrayBuffer || ArrayBuffer.isView(wasm)) return wasm;
  const url = wasm instanceof Response ? wasm.url : String(wasm);
  const response = wasm instanceof Response ? wasm : await request(fetch, url, {});
  if (response.status === 404 || response.status === 410) {
    throw new SpeirError("wasm-blocked", `${url} is missing: copy speir.wasm to the site beside speir.js`);
  }
  return body(response, url);
}

/** Undoes raw deflate, as every current browser can. */
export async function inflate(packed: Uint8Array<ArrayBuffer>): Promise<Uint8Array> {
  const raw = new Blob([packed]).stream().pipeThrough(new DecompressionStream("deflate-raw"));
  return new Uint8Array(await new Response(raw).arrayBuffer());
}

async function request(
  fetch: typeof globalThis.fetch,
  url: string,
  init: RequestInit,
): Promise<Response> {
  try {
    return await fetch(url, init);
  } catch (cause) {
    throw unreachable(url, "the connection failed", cause);
  }
}

async function body(response: Response, url: string): Promise<Uint8Array<ArrayBuffer>> {
  if (!response.ok) throw unreachable(url, `the server answered ${response.status}`);
  try {
    return new Uint8Array(await response.arrayBuffer());
  } catch (cause) {
    throw unreachable(url, "the connection broke off", cause);
  }
}

function unreachable(url: string, reason: string, cause?: unknown): SpeirError {
  return new SpeirError("network", `${url} could not be fetched: ${reason}; search again to retry`, cause);
}
