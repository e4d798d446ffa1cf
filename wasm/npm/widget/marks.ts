// Finds words in a part of a page and marks them, and takes the marks away again.
//
// Whole words only, in text that is read: not in code, fields, scripts or what is hidden. Words in two
// pieces of markup are not found. The work is bounded, so that a page of any size stays usable.

import { make } from "./dom.ts";
import { foldText, foldWord } from "./fold.ts";

/** Most characters of a page that are looked through: a book's length. */
export const MAX_CHARS = 1_000_000;

/** Most words marked: more is a coloured page, and help for nobody. */
export const MAX_MARKS = 500;

/** Most words looked for, and the longest: an address can be written by anybody. */
export const MAX_WORDS = 20;
const MAX_WORD_CHARS = 60;

/** The class of our marks. */
export const MARK = "speir-highlight";

/** What is not read as text, or is the reader's own, or another script's. */
const SKIPPED =
  "script, style, noscript, template, textarea, input, select, option, button, code, pre, kbd, samp, svg, math, iframe, object, canvas, [hidden], [contenteditable]:not([contenteditable=false]), speir-search, speir-box, mark";

/** Scripts that put no space between words: there a word may stand anywhere. */
const UNSPACED = /[\p{Script=Han}\p{Script=Hira}\p{Script=Kana}\p{Script=Thai}\p{Script=Lao}\p{Script=Khmr}\p{Script=Mymr}]/u;

/** The words of a parameter: those of others and without end are left out. */
export function wordsOf(text: string): string[] {
  const words = text.split(/\s+/).filter((word) => word && word.length <= MAX_WORD_CHARS);
  return [...new Set(words.map(foldWord))].filter(Boolean).slice(0, MAX_WORDS);
}

/** Marks folded words in a part of the page; gives the marks in their order. */
export function markWords(root: Element, words: readonly string[]): HTMLElement[] {
  if (!words.length) return [];
  const pattern = patternOf(words);
  const walker = document.createTreeWalker(root, NodeFilter.SHOW_ELEMENT | NodeFilter.SHOW_TEXT, (node) =>
    node instanceof Element
      ? node.matches(SKIPPED)
        ? NodeFilter.FILTER_REJECT
        : NodeFilter.FILTER_SKIP
      : NodeFilter.FILTER_ACCEPT,
  );
  const found: { node: Text; spans: [number, number][] }[] = [];
  let n = 0;
  let seen = 0;
  // Looked through first and changed afterwards, so that the walk is not lost.
  while (n < MAX_MARKS && seen < MAX_CHARS && walker.nextNode()) {
    const node = walker.currentNode as Text;
    seen += node.data.length;
    const spans = spansIn(node.data, pattern, MAX_MARKS - n);
    if (spans.length) found.push({ node, spans });
    n += spans.length;
  }
  return found.flatMap(({ node, spans }) =>
    // From the last to the first, so that those before it stay where they were found.
    spans
      .reverse()
      .map((span) => wrap(node, span))
      .reverse(),
  );
}

/** Takes marks away, and joins the text that they had cut. */
export function unmark(marks: readonly HTMLElement[]): void {
  const parents = new Set(marks.map((mark) => mark.parentNode));
  for (const mark of marks) mark.replaceWith(...mark.childNodes);
  for (const parent of parents) parent?.normalize();
}

/** Where words stand in a text, from and to, in UTF-16 units: the first `most` of them. */
export function spansIn(text: string, pattern: RegExp, most: number): [number, number][] {
  const { text: folded, starts } = foldText(text);
  const spans: [number, number][] = [];
  for (const match of folded.matchAll(pattern)) {
    if (spans.length === most) break;
    const [from, to] = [match.index, match.index + match[0].length];
    spans.push(starts ? [starts[from]!, starts[to]!] : [from, to]);
  }
  return spans;
}

/** A pattern for folded words, the longest first. */
export function patternOf(words: readonly string[]): RegExp {
  const one = (word: string) => {
    const literal = word.replace(/[\\^$.*+?()[\]{}|/]/g, "\\$&");
    if (UNSPACED.test(word)) return literal;
    return `(?<![\\p{L}\\p{M}\\p{N}])${literal}(?![\\p{L}\\p{M}\\p{N}])`;
  };
  const longest = [...words].sort((a, b) => b.length - a.length);
  return new RegExp(longest.map(one).join("|"), "gu");
}

/** Puts a part of a text into a mark. What stands behind it stays in a node of its own. */
function wrap(node: Text, [from, to]: [number, number]): HTMLElement {
  node.splitText(to);
  const mark = make("mark", { class: MARK });
  const word = node.splitText(from);
  word.replaceWith(mark);
  mark.append(word);
  return mark;
}
