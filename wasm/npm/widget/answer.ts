// What the widget asks of a search and what it reads of the answer: types alone, no code.
//
// Any function that answers in this shape can stand in for the index: a test, a server,
// another engine.

import type { Page, SearchOptions } from "../src/types.ts";

export type {
  FacetCount,
  FieldValue,
  FilterValue,
  Hit,
  Notice,
  SearchOptions,
  SectionHit,
  Span,
} from "../src/types.ts";

/** One page of results, as far as the widget reads it. */
export type Answer = Pick<Page, "total" | "hits" | "facets" | "notices">;

/** Answers a query, or rejects; never answers in part. */
export type SearchFunction = (text: string, options: SearchOptions) => Promise<Answer>;
