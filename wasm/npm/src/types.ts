// What goes in and what comes out, as callers see it. Types only.
//
// The result types mirror `core/src/search/page.rs`, which is where they are decided.

/** Where an index's engine runs, and what it is made of. */
export type EngineName =
  /** WebAssembly, on the thread that asks. */
  | "main"
  /** WebAssembly, on a thread of its own. */
  | "worker"
  /** The same engine as plain JavaScript, on the thread that asks. */
  | "js";

/** Where the engine comes from, and how files are fetched. */
export interface OpenOptions {
  /**
   * Which engines are tried, and in which order; one that the browser or the page's policy refuses
   * is passed over.
   *
   * - `auto` (the default): `main`, `worker`, `js`
   * - `main`: `main`, `js`; never a worker
   * - `worker`: `worker`, `main`, `js`; for pages whose own work must not wait for a query
   * - `js`: `js` alone; never WebAssembly
   *
   * In Node nothing runs on a thread of its own: there `worker` is `main`.
   */
  engine?: "auto" | EngineName;
  /**
   * The engine, where it does not lie beside the script: an address, a response, bytes, or a
   * compiled module.
   */
  wasm?: string | URL | Response | BufferSource | WebAssembly.Module;
  /**
   * The hash that `speir.wasm` must have, as `integrity.json` tells it (`sha384-…`): another file
   * rejects with `integrity`, and nothing else is tried. Not for bytes and modules given in `wasm`.
   */
  integrity?: string;
  /** Used in place of the global `fetch`, for every file. A worker cannot, so none is tried. */
  fetch?: typeof globalThis.fetch;
}

/** A value that a field may have. */
export type FieldScalar = string | number | boolean;

/** Values between two ends, both included. An end that is missing, null or "" is open. */
export interface FilterRange {
  /** First value accepted: a number, or a date such as `2014` or `2014-05-31`. */
  from?: string | number | null | undefined;
  /** Last value accepted; `2014` as the end of a range of dates is the whole of 2014. */
  to?: string | number | null | undefined;
}

/** One thing that a filter accepts: a value, a range, or null for records without a value. */
export type FilterValue = FieldScalar | FilterRange | null;

/** One accepted thing, or several of which one will do. */
export type Filter = FilterValue | readonly FilterValue[];

/** Everything that may be said about a search besides its words. */
export interface SearchOptions {
  /**
   * What records must have, by field: any of the values given for a field, and that for every
   * field. An empty list, a range without ends and undefined filter nothing.
   */
  filters?: Readonly<Record<string, Filter | undefined>>;
  /** Fields to count the values of. A field's own filter does not reduce its counts. */
  facets?: readonly string[];
  /** The order; a field's name, with `-` before it for the largest first. Relevance by default. */
  sort?: "relevance" | "newest" | "oldest" | "title" | (string & {});
  /** How many of the words a hit needs. `auto`: all of them first, fewer where that is too little. */
  match?: "auto" | "all" | "any";
  /** Most hits wanted, 10 by default, at most 1,000. */
  limit?: number;
  /** Hits to pass over, 0 by default. */
  offset?: number;
  /** The reader's language, a BCP 47 tag; the index's own by default. */
  lang?: string;
  /**
   * The day on which the search is made, `YYYY-MM-DD`: records that ran out before it come after
   * those that still hold, and say so in `standing`. The reader's own date by default; false or
   * null for none, so that nothing has run out.
   */
  today?: string | false | null;
  /** Aborts the search: it rejects with a `SpeirError` of code `aborted` and name `AbortError`. */
  signal?: AbortSignal | undefined;
}

/** What may be said about completions and related records. */
export interface MoreOptions {
  /** Most that are wanted, 6 by default. */
  limit?: number;
  /** Aborts it: it rejects with a `SpeirError` of code `aborted` and name `AbortError`. */
  signal?: AbortSignal | undefined;
}

/** What may be said about related records. */
export interface RelatedOptions extends MoreOptions {
  /** The reader's language, a BCP 47 tag: records are shown in it that have a version of it. */
  lang?: string;
}

/** A piece of text. `match` is true where it is a word that was searched for. */
export interface Span {
  text: string;
  match: boolean;
}

/** A value of a record, as the record gave it. */
export type FieldValue = FieldScalar | null | FieldValue[] | { [name: string]: FieldValue };

/** A section found within a hit. */
export interface SectionHit {
  heading: string;
  number: string | null;
  /** The fragment, without `#`. */
  anchor: string | null;
  /** The record's link with the fragment. */
  url: string | null;
  /** Such as "case study". */
  kind?: string | null;
  /** The headings around it, the outermost first; none where it stands under none. */
  trail?: string[];
  excerpt: Span[];
}

/** One record found. */
export interface Hit {
  id: string;
  url: string | null;
  title: string;
  /** The language of the version that is shown: the reader's, if the record has one. */
  lang: string;
  /** 0 where nothing was asked in words. Comparable within one page only. */
  score: number;
  /** Only where an editor put it first for this query. */
  pinned?: true;
  /**
   * Only where it comes after what matches as well: `fields` say which record replaces it
   * (`replacedBy`: id, and title and url where known), or until when it held (`validUntil`).
   */
  standing?: "replaced" | "expired";
  /** The stored fields as given. */
  fields: { [name: string]: FieldValue };
  /** A piece of text around the words found, or the beginning. Text, never HTML. */
  excerpt: Span[];
  /** The title again, with the words found marked. */
  titleParts: Span[];
  /** The sections that hold words of the query, best first. */
  sections: SectionHit[];
}

/** How many hits have a value. */
export interface FacetCount {
  /** Null for hits that have none. */
  value: FieldValue;
  count: number;
  /** Whether the search filters by it. */
  selected: boolean;
}

/** Something the reader should be told. Later versions may have more kinds. */
export type Notice =
  /** No record holds the word in any form, and nothing else was searched in its place. */
  | { kind: "unknown-word"; word: string }
  /**
   * No record holds the word; `searched` were searched in its place, and `total` of the hits hold
   * one of them. `exact` is what to search for to have the word itself.
   */
  | { kind: "slip"; word: string; searched: string[]; total: number; exact: string }
  /** No record holds the word; it was searched as two. */
  | { kind: "split"; word: string; searched: [string, string]; total: number; exact: string }
  /** No record holds the word as it was typed; these other forms of it were searched. */
  | { kind: "other-form"; word: string; searched: string[] }
  /** No record holds one of these words; what records write together was searched. */
  | { kind: "joined"; word: string; searched: string[] }
  /** Few records hold the word as typed, and some hold one that is a slip away. */
  | { kind: "did-you-mean"; word: string; suggestions: string[] }
  /** The word was taken as the beginning of these, most frequent first. */
  | { kind: "prefix"; word: string; searched: string[] }
  /** These were searched as well, as the publisher says that they mean the same. */
  | { kind: "synonym"; word: string; searched: string[]; exact: string }
  /** Words such as `the`, beside others: a hit need not hold them. */
  | { kind: "common-words"; words: string[] }
  /** This looked like more than words, and was searched as words. */
  | { kind: "as-words"; text: string }
  /** From this hit on, counted from 0 over all pages, hits hold only some of the words. */
  | { kind: "partial-from"; index: number }
  /** Only so many words were searched. */
  | { kind: "too-many-words"; searched: number }
  /** A filter names a value that no record has. */
  | { kind: "unknown-value"; field: string; value: string };

/** A completion of what is being typed. */
export interface Suggestion {
  /** The text as it is shown, whole. */
  text: string;
  kind: "title" | "heading" | "value" | "word";
  /** For a value: the field. */
  field: string | null;
  /** For a title or heading that one record has: the link of the record or section. */
  url: string | null;
  /** For a title or heading that one record has: the record's id. */
  id: string | null;
  /** How many records have it. */
  nRecords: number;
}

/** One page of results. */
export interface Page {
  /** How many records match, on all pages together. */
  total: number;
  hits: Hit[];
  /** Counts for each field asked for. */
  facets: { [field: string]: FacetCount[] };
  notices: Notice[];
  /** The query as it was understood. */
  query: { text: string; match: "auto" | "all" | "any"; sort: string; limit: number; offset: number };
}

/** An opened index. */
export interface SearchIndex {
  /** The engine that answers. */
  readonly engine: EngineName;
  /**
   * Searches. A page is whole or the search rejects: a file that cannot be fetched never shortens
   * the answer, and is tried again by the next search.
   */
  search(text: string, options?: SearchOptions): Promise<Page>;
  /**
   * Completes what is being typed, best first, from titles, headings, values of fields and words;
   * by any of a text's words, and from four letters on with one slip.
   */
  suggest(typed: string, options?: MoreOptions): Promise<Suggestion[]>;
  /** The records most like a given one, best first. None for an id that no record has. */
  related(id: string, options?: RelatedOptions): Promise<Hit[]>;
  /** Lets go of the engine's memory. Searches under way and later ones reject with `closed`. */
  close(): void;
}
