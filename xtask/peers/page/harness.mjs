// What the bench calls in the page: start an engine, ask it once, time a row of queries.
//
// Knows no engine: `?engine=` names the module that does.

/** Runs of one query, the best of which counts. */
const RUNS = 5;

/** No further run is begun once a query's runs took so long together, but for the second. */
const QUERY_MS = 1_500;

/** No further query of a row is begun after so long: one with facets takes Pagefind 12 s, at worst. */
const ROW_MS = 60_000;

const engine = new URLSearchParams(location.search).get("engine");
let search;

/** Starts the engine. */
async function start() {
  const { start: startEngine } = await import(`./${engine}.mjs`);
  search = await startEngine();
}

/** Asks once; gives how many results came, and how many of them have a title and an excerpt. */
async function ask(text, row = "first") {
  const hits = await search(text, row);
  return [hits.length, hits.filter(({ title, excerpt }) => title && excerpt).length];
}

/** Times each query, or as many as there is time for: `{ first_ms, best_ms, ids }`. */
async function time(texts, row) {
  const timed = [];
  const end = performance.now() + ROW_MS;
  for (const text of texts) {
    if (performance.now() > end) break;
    const times = [];
    let hits = [];
    let spent = 0;
    while (times.length < 2 || (times.length < RUNS && spent < QUERY_MS)) {
      const began = performance.now();
      hits = await search(text, row);
      times.push(performance.now() - began);
      spent += times.at(-1);
    }
    timed.push({ first_ms: times[0], best_ms: Math.min(...times), ids: hits.map(({ id }) => id) });
  }
  return timed;
}

/** Bytes of JavaScript and DOM that the page and its workers hold, after a collection. */
async function memory() {
  if (!performance.measureUserAgentSpecificMemory) return null;
  const { bytes } = await performance.measureUserAgentSpecificMemory();
  return bytes;
}

globalThis.bench = { start, ask, time, memory };
