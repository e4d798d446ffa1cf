// The sentences about an answer: how much was found, and how the words were taken.
//
// A word that was not found is said so. Nothing is left out of a search in silence.

import type { Answer, Notice } from "./answer.ts";
import { pageCount } from "./pager.ts";
import { activeFilters, type Settings, type State } from "./state.ts";
import type { Texts } from "./strings.ts";

/** Most words that a sentence names: more are in the results themselves, and long to listen to. */
const MAX_NAMED = 5;

/** What was found, as the heading of the results: "14 resources for ‘housing’". */
export function countText(answer: Answer, state: State, texts: Texts): string {
  const count = answer.total ? texts.say("count", { n: answer.total }) : texts.say("count.none");
  return state.text ? texts.say("count.for", { count, text: state.text }) : count;
}

/** The same with what was searched instead, filters and page, as it is spoken. */
export function statusText(answer: Answer, state: State, settings: Settings, texts: Texts): string {
  const n = activeFilters(state, settings).length;
  const pages = pageCount(answer.total, settings.pageSize);
  const instead = answer.notices.flatMap((notice) => searchedInstead(notice, texts) ?? []);
  return [
    countText(answer, state, texts),
    ...instead.map((searched) => texts.say("count.instead", { searched })),
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
    case "slip":
    case "split": {
      const { word } = notice;
      const searched = searchedInstead(notice, texts);
      return searched
        ? texts.say("notice.instead", { word, searched })
        : texts.say("notice.insteadNone", { word, searched: named(notice, texts) });
    }
    case "prefix":
      return texts.say("notice.prefix", {
        word: notice.word,
        searched: notice.searched.join(", "),
      });
    case "other-form":
    case "joined": {
      const searched = eitherText(notice.searched.slice(0, MAX_NAMED), texts);
      const key = notice.kind === "joined" ? "notice.joined" : "notice.otherForm";
      return texts.say(key, { word: notice.word, searched });
    }
    case "synonym":
      return texts.say("notice.synonym", { searched: eitherText(notice.searched, texts) });
    case "common-words":
      return texts.say("notice.commonWords", { words: notice.words.join(", ") });
    case "as-words":
      return texts.say("notice.asWords", { text: notice.text });
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

/** What hits were found by in place of a word: "‘migrant’ or ‘migrants’"; null where none were. */
function searchedInstead(notice: Notice, texts: Texts): string | null {
  const isInstead = notice.kind === "slip" || notice.kind === "split";
  return isInstead && notice.total > 0 ? named(notice, texts) : null;
}

/** The words of a substitution: one of several, or two together. */
function named(notice: Notice & { kind: "slip" | "split" }, texts: Texts): string {
  const { kind, searched } = notice;
  return eitherText(kind === "split" ? [searched.join(" ")] : searched.slice(0, MAX_NAMED), texts);
}

/** Words in quotation marks, any one of which will do: "‘one’, ‘two’ or ‘three’". */
export function eitherText(words: readonly string[], texts: Texts): string {
  const quoted = words.map((word) => texts.say("quote", { word }));
  return texts
    .either(quoted)
    .map(({ value }) => value)
    .join("");
}

/** The place from which hits hold only some of the words, counted from 0 over all pages. */
export function partialFrom(answer: Answer): number {
  for (const notice of answer.notices) if (notice.kind === "partial-from") return notice.index;
  return Infinity;
}
