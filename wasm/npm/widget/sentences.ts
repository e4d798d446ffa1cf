// The sentences about an answer: how much was found, and how the words were taken.
//
// A word that was not found is said so. Nothing is left out of a search in silence.

import type { Answer, Notice } from "./answer.ts";
import { pageCount } from "./pager.ts";
import { activeFilters, type Settings, type State } from "./state.ts";
import type { Texts } from "./strings.ts";

/** What was found, as the heading of the results: "14 resources for ‘housing’". */
export function countText(answer: Answer, state: State, texts: Texts): string {
  const count = answer.total ? texts.say("count", { n: answer.total }) : texts.say("count.none");
  return state.text ? texts.say("count.for", { count, text: state.text }) : count;
}

/** The same with filters and page, as it is spoken. */
export function statusText(answer: Answer, state: State, settings: Settings, texts: Texts): string {
  const n = activeFilters(state, settings).length;
  const pages = pageCount(answer.total, settings.pageSize);
  return [
    countText(answer, state, texts),
    n ? texts.say("count.filters", { n }) : "",
    pages > 1 ? texts.say("count.page", { page: state.page, pages }) : "",
  ]
    .filter(Boolean)
    .join(", ");
}

/** What a notice says; empty for kinds that later versions may bring, and for `partial-from`. */
export function noticeText(notice: Notice, texts: Texts): string {
  switch (notice.kind) {
    case "unknown-word":
      return texts.say("notice.unknownWord", { word: notice.word });
    case "prefix":
      return texts.say("notice.prefix", {
        word: notice.word,
        searched: notice.searched.join(", "),
      });
    case "too-many-words":
      return texts.say("notice.tooManyWords", { n: notice.searched });
    case "unknown-value":
      return texts.say("notice.unknownValue", {
        field: texts.field(notice.field),
        value: notice.value,
      });
    default:
      return "";
  }
}

/** The place from which hits hold only some of the words, counted from 0 over all pages. */
export function partialFrom(answer: Answer): number {
  for (const notice of answer.notices) if (notice.kind === "partial-from") return notice.index;
  return Infinity;
}
