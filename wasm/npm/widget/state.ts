// What the reader has asked for: plain data, and what follows from it.
//
// Knows nothing of the page, of addresses or of the network.
// A state is never changed; every step makes a new one.

import type { FilterValue, SearchOptions } from "./answer.ts";

/** Most characters of a query that are searched: more is never typed, only pasted by mistake. */
export const MAX_TEXT_LEN = 200;

/** The orders that a reader can choose, the default first. */
export const SORTS = ["relevance", "newest", "title"] as const;

/** Values accepted by field; `null` stands for records without a value. */
export type Filters = { readonly [field: string]: readonly (string | null)[] };

/** What the reader has asked for. */
export interface State {
  /** False until the first question; true also for an empty one, which asks for everything. */
  readonly asked: boolean;
  /** The words, cleaned by `cleanText`. */
  readonly text: string;
  /** The values ticked. */
  readonly filters: Filters;
  /** First year accepted, or empty. */
  readonly from: string;
  /** Last year accepted, or empty. */
  readonly to: string;
  /** One of `SORTS`. */
  readonly sort: string;
  /** The page, from 1. */
  readonly page: number;
}

/** What the author of the page has chosen. */
export interface Settings {
  /** Fields to count and filter by, in order. */
  readonly facets: readonly string[];
  /** The one of them that is asked for from … to, or empty. */
  readonly range: string;
  /** Hits on a page. */
  readonly pageSize: number;
}

/** One filter in force, and the state without it. */
export interface ActiveFilter {
  readonly field: string;
  /** The value, `null` for "Not stated"; left out for the range. */
  readonly value?: string | null;
  readonly without: State;
}

/** Nothing asked yet. */
export const START: State = {
  asked: false,
  text: "",
  filters: {},
  from: "",
  to: "",
  sort: SORTS[0],
  page: 1,
};

/** The text of a query: one line, trimmed, at most `MAX_TEXT_LEN` characters. */
export function cleanText(text: string): string {
  const line = text.replace(/\s+/g, " ").trim();
  // By code points, so that an emoji at the end is not cut in two.
  return line.length <= MAX_TEXT_LEN ? line : [...line].slice(0, MAX_TEXT_LEN).join("").trim();
}

/** The filters in force, in the order of the facets. A range counts as one. */
export function activeFilters(state: State, settings: Settings): ActiveFilter[] {
  const active: ActiveFilter[] = [];
  for (const field of settings.facets) {
    if (field === settings.range && (state.from || state.to)) {
      active.push({ field, without: { ...state, from: "", to: "", page: 1 } });
    }
    const values = state.filters[field] ?? [];
    for (const value of values) {
      const rest = values.filter((other) => other !== value);
      active.push({ field, value, without: withFilter({ ...state, page: 1 }, field, rest) });
    }
  }
  return active;
}

/** The state with these values of a field accepted, and no others. */
export function withFilter(state: State, field: string, values: readonly (string | null)[]): State {
  const filters: { [field: string]: readonly (string | null)[] } = { ...state.filters };
  if (values.length) filters[field] = values;
  else delete filters[field];
  return { ...state, filters };
}

/** The same words without any filter, from the first page. */
export function withoutFilters(state: State): State {
  return { ...state, filters: {}, from: "", to: "", page: 1 };
}

/** True if two states ask for the same. */
export function sameState(one: State, other: State): boolean {
  const key = (state: State) =>
    JSON.stringify({
      ...state,
      filters: Object.entries(state.filters).sort(([a], [b]) => (a < b ? -1 : 1)),
    });
  return key(one) === key(other);
}

/** The state as the search is asked it. */
export function toOptions(
  state: State,
  settings: Settings,
  lang: string,
  signal: AbortSignal,
): SearchOptions {
  const filters: { [field: string]: FilterValue[] } = {};
  for (const [field, values] of Object.entries(state.filters)) filters[field] = [...values];
  if (state.from || state.to) {
    filters[settings.range] = [
      { from: state.from, to: state.to },
      ...(filters[settings.range] ?? []),
    ];
  }
  return {
    filters,
    facets: settings.facets,
    sort: state.sort,
    limit: settings.pageSize,
    offset: (state.page - 1) * settings.pageSize,
    lang,
    signal,
  };
}
