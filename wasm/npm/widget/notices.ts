// The lines above the results that say how the words were taken, each with its way back.
//
// What was searched in place of a word, or as well, is said together with a link that searches
// for the word itself; what may have been meant is a link and never searched by itself.
// The words of a query are replaced as text: the widget does not know how queries are read.

import type { Notice } from "./answer.ts";
import { stateLink, type Context } from "./context.ts";
import { make } from "./dom.ts";
import { eitherText, noticeText } from "./sentences.ts";
import type { State } from "./state.ts";

/** Makes a line for each notice that has something to say, in order. */
export function makeNotices(
  notices: readonly Notice[],
  state: State,
  context: Context,
): HTMLElement[] {
  return notices.flatMap((notice) => {
    const parts = noticeParts(notice, state, context);
    // What only explains is set back behind what was changed.
    const isQuiet = ["common-words", "as-words", "other-form", "joined"].includes(notice.kind);
    const kind = isQuiet ? "speir-notice speir-quiet" : "speir-notice";
    return parts.length ? [make("p", { class: kind }, ...parts)] : [];
  });
}

function noticeParts(notice: Notice, state: State, context: Context): (Node | string)[] {
  const { texts } = context;
  const search = (text: string, label: string) =>
    stateLink(context, { ...state, text, page: 1 }, { focus: "heading", reset: true }, {}, label);
  if (notice.kind === "did-you-mean") {
    const [before = "", after = ""] = texts.say("notice.didYouMean", { words: "\n" }).split("\n");
    const words = texts
      .either(notice.suggestions)
      .map(({ type, value }) =>
        type === "element"
          ? search(replaceWord(state.text, notice.word, value), eitherText([value], texts))
          : value,
      );
    return [before, ...words, after];
  }
  const text = noticeText(notice, texts);
  if (!text || !("exact" in notice)) return text ? [text] : [];
  const exact = replaceWord(state.text, notice.word, notice.exact);
  return [`${text} `, search(exact, texts.say("notice.exact", { word: notice.word }))];
}

/** The text with another in place of a word, wherever the word stands as a whole. */
export function replaceWord(text: string, word: string, other: string): string {
  const literal = word.replace(/[\\^$.*+?()[\]{}|/]/g, "\\$&");
  const whole = new RegExp(`(?<![\\p{L}\\p{M}\\p{N}])${literal}(?![\\p{L}\\p{M}\\p{N}])`, "giu");
  const replaced = text.replace(whole, () => other);
  // A word that does not stand there as it was read is searched for alone.
  return replaced === text ? other : replaced;
}
