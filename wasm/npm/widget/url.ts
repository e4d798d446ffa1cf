// The reader's question as the parameters of an address, and back.
//
// The parameters are those that the author's form sends without JavaScript, so that one
// address means the same with and without it. Parameters of others are kept as they are.
// What does not make sense in an address is passed over: a person may have typed it.

import { cleanText, SORTS, START, type Settings, type State, withFilter } from "./state.ts";

/**
 * The value that asks for records without one, as in `type=_none`.
 * An empty value cannot: it is what a form sends for "any type".
 */
export const MISSING = "_none";

/** What the parameters are called. */
export interface Names {
  /** The text's parameter, in full: the name of the author's input. */
  readonly text: string;
  /** What stands before every other name, so that two searches on a page do not mix. */
  readonly prefix: string;
}

/** Reads the parameters of an address, or what a form would send. */
export function readParams(params: URLSearchParams, names: Names, settings: Settings): State {
  const get = (name: string) => params.get(names.prefix + name) ?? "";
  let state: State = {
    ...START,
    text: cleanText(params.get(names.text) ?? ""),
    sort: SORTS.find((sort) => sort === get("sort")) ?? START.sort,
    page: /^[1-9]\d{0,5}$/.test(get("page")) ? Number(get("page")) : 1,
  };
  for (const field of settings.facets) {
    const sent = params.getAll(names.prefix + field).filter((value) => value !== "");
    const values = [...new Set(sent)].map((value) => (value === MISSING ? null : value));
    if (field === settings.range) {
      state = withFilter(
        state,
        field,
        values.filter((value) => value === null),
      );
      // One year on its own, as a plain select without JavaScript sends it.
      const year = values.find((value) => value !== null) ?? "";
      const [from, to] = [get("from") || year, get("to") || year].map((bound) =>
        isBound(bound) ? bound : "",
      );
      if (isInOrder(from!, to!)) state = { ...state, from: from!, to: to! };
    } else {
      state = withFilter(state, field, values);
    }
  }
  const asked =
    params.has(names.text) ||
    Object.keys(state.filters).length > 0 ||
    Boolean(state.from || state.to);
  return { ...state, asked: asked || state.page > 1 || state.sort !== START.sort };
}

/** Adds a state to parameters: ours replaced, defaults left out, all others kept. */
export function writeParams(
  kept: URLSearchParams,
  state: State,
  names: Names,
  settings: Settings,
): URLSearchParams {
  const params = new URLSearchParams(kept);
  for (const name of ownNames(names, settings)) params.delete(name);
  const set = (name: string, value: string) => value && params.append(names.prefix + name, value);
  if (state.text) params.append(names.text, state.text);
  for (const [field, values] of Object.entries(state.filters)) {
    // A page's own script may give one value without a list.
    for (const value of [values].flat()) set(field, value ?? MISSING);
  }
  set("from", state.from);
  set("to", state.to);
  if (state.sort !== START.sort) set("sort", state.sort);
  if (state.page > 1) set("page", String(state.page));
  // An empty question differs from none: it lists everything, and has to come back on reload.
  const ours = ownNames(names, settings).some((name) => params.has(name));
  if (state.asked && !ours) params.append(names.text, "");
  return params;
}

/** The names of all parameters that are ours. */
export function ownNames(names: Names, settings: Settings): string[] {
  return [
    names.text,
    ...["from", "to", "sort", "page", ...settings.facets].map((name) => names.prefix + name),
  ];
}

/** True if a range is not the wrong way round. An open end is always right. */
export function isInOrder(from: string, to: string): boolean {
  return !from || !to || Number(from) <= Number(to);
}

function isBound(text: string): boolean {
  return /^\d{1,4}$/.test(text);
}
