// Gets bytes: files of an index, the engine's wasm, and chunks inflated.
//
// Knows addresses and HTTP statuses. Never looks into the bytes, and keeps none of them: the
// browser's HTTP cache does that, and the engine holds what was supplied to it.

import { SpeirError } from "./errors.ts";
import type { OpenOptions } from "./types.ts";

/** The one file of an index that keeps its name when the site is published again. */
export const MANIFEST_NAME = "index.json";

/** Some bytes of a file. */
export interface Part {
  start: number;
  length: number;
}

/** Where the files of one index are. */
export interface Source {
  /**
   * The bytes of a file, or of a part of it.
   *
   * Rejects with `index-not-found` or `chunk-missing` where the file is not there, and with
   * `network` for every other reason.
   */
  read(name: string, cache: RequestCache, signal: AbortSignal, part?: Part): Promise<Uint8Array>;
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

/**
 * An index on a web server.
 *
 * Asks for parts of files (RFC 9110, 14.2). A server that sends whole files in their place is asked
 * for these from then on, and so is one whose part was wrong: it was compressed on the way, perhaps.
 */
export function webSource(base: URL, fetch: typeof globalThis.fetch): Source {
  let sendsParts = true;
  /** Whole files on their way, of which several parts are wanted at a time. */
  const arriving = new Map<string, Promise<Uint8Array>>();

  async function get(url: string, name: string, init: RequestInit): Promise<Response> {
    const response = await request(fetch, url, init);
    // 416: the file is shorter than the index says, so it is another one.
    if ([404, 410, 416].includes(response.status)) throw missing(name, url);
    return response;
  }

  return {
    async read(name, cache, signal, part) {
      const url = new URL(name, base).href;
      const init = { cache, signal };
      if (part === undefined) return body(await get(url, name, init), url);
      let response: Response | undefined;
      if (sendsParts && cache !== "reload") {
        const range = `bytes=${part.start}-${part.start + part.length - 1}`;
        response = await get(url, name, { ...init, headers: { range } });
        if (response.status === 206) return body(response, url);
        if (response.ok) sendsParts = false;
      }
      let whole = arriving.get(url);
      if (whole === undefined) {
        const sent = response ?? get(url, name, init);
        whole = Promise.resolve(sent).then((sent) => body(sent, url));
        arriving.set(url, whole);
        whole.catch(() => {}).finally(() => arriving.delete(url));
      } else {
        // Another question has the same file on its way already.
        response?.body?.cancel().catch(() => {});
      }
      return (await whole).subarray(part.start, part.start + part.length);
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
  if (wasm instanceof WebAssembly.Module) return wasm;
  const bytes = await wasmBytes(wasm, fetch);
  try {
    return await WebAssembly.compile(bytes);
  } catch (cause) {
    throw new SpeirError(
      "wasm-blocked",
      "speir.wasm could not be compiled: copy it again",
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

/** Undoes raw deflate, as every current browser can: where not, `ladder.ts` brings code for it. */
export async function inflate(packed: Uint8Array): Promise<Uint8Array> {
  const raw = new Blob([packed as BlobPart]).stream().pipeThrough(new DecompressionStream("deflate-raw"));
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
