// Results while the reader types: opt-in, as most readers are served better by a search that waits.
//
// Changes nothing but the words: ticks that are not applied yet stay where they are. Focus and what
// stands in the box are left alone.

import type { Box } from "./box.ts";
import type { Context } from "./context.ts";
import type { SpeirSearch } from "./element.ts";
import { cleanText } from "./state.ts";

/** How long nothing may be typed before a search. */
export const TYPING_MS = 250;

/** Fewest characters searched for: one letter finds nearly everything. */
export const MIN_CHARS = 2;

/** Searches while the reader types, until the signal ends it. */
export function searchWhileTyping(
  host: SpeirSearch,
  box: Box,
  context: Context,
  signal: AbortSignal,
): void {
  const { form, input } = box;
  let typing = 0;
  const stop = () => clearTimeout(typing);
  const typed = () => {
    stop();
    typing = window.setTimeout(() => {
      const text = cleanText(input.value);
      const state = host.state;
      if ([...text].length < MIN_CHARS || (state.asked && text === state.text)) return;
      context.go(
        { ...state, asked: true, text, page: 1 },
        { history: "replace", keepText: true },
      );
    }, TYPING_MS);
  };
  // What an input method composes is not yet what the reader means.
  input.addEventListener("input", (event) => (event as InputEvent).isComposing || typed(), {
    signal,
  });
  input.addEventListener("compositionend", typed, { signal });
  form.addEventListener("submit", stop, { signal });
  signal.addEventListener("abort", stop);
}
