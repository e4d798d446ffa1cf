// Between the controls on the page and the state that is asked for: what they say, and what they are to
// show.
//
// Knows every control, and neither the index nor the history. What the reader has typed or ticked and not
// asked for yet is the reader's: it is read where a question begins, and not written over.

import type { Answer } from "./answer.ts";
import type { How } from "./context.ts";
import type { Parts } from "./parts.ts";
import { activeFilters, cleanText, sameState, type Settings, type State, withFilter } from "./state.ts";
import { ownNames, readParams } from "./url.ts";

/** What all controls say at the moment, as a new question; `isAnswered` once the order can be chosen. */
export function readControls(parts: Parts, current: State, isAnswered: boolean): State {
  const { box, names, panel, results, settings } = parts;
  const form = readParams(box.params(), names, settings);
  let state: State = panel.read({ ...current, asked: true, page: 1 });
  // A select of the author's own form counts if the reader has changed it.
  for (const field of settings.facets) {
    const isChosen = box.isChanged(names.prefix + field);
    if (isChosen) state = withFilter(state, field, form.filters[field] ?? []);
  }
  for (const end of ["from", "to"] as const) {
    if (box.isChanged(names.prefix + end)) state = { ...state, [end]: form[end] };
  }
  const sort = box.isChanged(`${names.prefix}sort`)
    ? form.sort
    : isAnswered
      ? results.sort
      : current.sort;
  return { ...state, sort, text: cleanText(box.input.value) };
}

/** Sets the controls to a state, but for what it has in common with the one before. */
export function writeControls(parts: Parts, state: State, former: State, how: How): void {
  const { box, journey, names, panel, results, settings } = parts;
  // Only what the question itself has changed is written: the reader may be typing meanwhile.
  const isNewText = !how.keepText && (how.reset || state.text !== former.text);
  const isNewRest =
    how.reset || !sameState({ ...state, text: "", page: 1 }, { ...former, text: "", page: 1 });
  const [text, ...rest] = ownNames(names, settings);
  box.write(journey.params(state), [...(isNewText ? [text!] : []), ...(isNewRest ? rest : [])]);
  if (isNewRest) {
    panel.write(state);
    results.sort = state.sort;
  }
}

/** The state to ask for instead, where an address asks for what is not there; else `null`. */
export function betterState(state: State, answer: Answer): State | null {
  let better = state;
  for (const notice of answer.notices) {
    if (notice.kind !== "unknown-value") continue;
    const values = better.filters[notice.field] ?? [];
    const known = values.filter((value) => value !== notice.value);
    better = withFilter(better, notice.field, known);
  }
  const isBeyond = sameState(better, state) && answer.total > 0 && !answer.hits.length;
  if (isBeyond) better = { ...state, page: 1 };
  return sameState(better, state) ? null : better;
}

/** The fields that a state filters by. */
export function fieldsOf(state: State, settings: Settings): string[] {
  return [...new Set(activeFilters(state, settings).map(({ field }) => field))];
}
