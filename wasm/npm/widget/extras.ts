// What a page may ask for beyond the search itself, by attributes of the element: `suggestions`, `live`,
// `highlight`, `analytics`, `theme`.
//
// A file of its own, fetched with the engine and only where one of them is there, so that others do
// not pay for it. Puts together; each has its own file.

import type { Answer } from "./answer.ts";
import type { SpeirSearch } from "./element.ts";
import { carryWords } from "./carry.ts";
import { searchWhileTyping } from "./live.ts";
import type { Parts } from "./parts.ts";
import { redact } from "./redact.ts";
import type { State } from "./state.ts";

/** Told of each answer that is shown: may add to its links, and to what events tell. */
export type Extra = (answer: Answer, state: State, detail: { query?: string }) => void;

/** Adds what the element's attributes ask for; settled when what changes the look is there. */
export async function startExtras(host: SpeirSearch, parts: Parts, signal: AbortSignal): Promise<Extra> {
  const { box, context, results, status } = parts;
  const isLive = host.hasAttribute("live");
  if (isLive) searchWhileTyping(host, box, context, signal);
  if (host.hasAttribute("suggestions")) {
    const begin = () =>
      void import("./suggest.ts").then(({ suggest }) => {
        if (signal.aborted) return;
        suggest({
          input: box.input,
          form: box.form,
          root: host,
          id: context.id("suggestions"),
          table: () => context.texts.table,
          // Of two things that would be said, the results are the more important.
          say: (text) => {
            const isBusy = results.element.querySelector("[aria-busy=true]");
            if (!isLive && !isBusy) status.end(text);
          },
          complete: async (typed, options) =>
            (await (await host.index()).suggest?.(typed, options)) ?? [],
          signal,
        });
        // Without suggestions the box is a box; what was not there is tried again on the next page.
      }, console.error);
    if (box.form.contains(document.activeElement)) begin();
    else box.input.addEventListener("focus", begin, { once: true, signal });
  }

  if (host.hasAttribute("theme")) {
    // Without its classes a search is still a search.
    const theme = await import("./theme.ts").catch(console.error);
    if (theme && !signal.aborted) theme.dress(host, signal);
  }

  const param = host.getAttribute("highlight");
  const isToldWords = host.getAttribute("analytics") === "query";
  return (answer, state, detail) => {
    if (param !== null) carryWords(answer, results.links, param || "highlight");
    if (isToldWords) detail.query = redact(state.text);
  };
}
