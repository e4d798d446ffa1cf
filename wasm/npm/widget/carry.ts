// Lets the links of results carry the words that were found, for speir-highlight.js on the pages they
// lead to.
//
// The words as they stand in the text, not as they were typed: the page finds them without knowing
// word forms. Only links within the site: what a reader looks for is nobody else's business.

import type { Answer, Hit } from "./answer.ts";

/** Most words carried: an address has to stay one that can be read and sent on. */
export const MAX_WORDS = 8;

/** Endings of pages. What has another is a file, in which no script of ours marks anything. */
const PAGE = /\.(?:s?html?|php|aspx?|jsp|cfm)$/i;
const FILE = /\.[a-z][a-z\d]{1,4}$/i;

/** Adds the words of each hit to the links of its card, as the parameter `param`. */
export function carryWords(
  answer: Answer,
  links: ReadonlyMap<string, HTMLAnchorElement>,
  param: string,
): void {
  for (const hit of answer.hits) {
    const card = links.get(hit.id)?.closest("li");
    const words = foundWords(hit);
    if (!card || !words.length) continue;
    const of = ".speir-title a, .speir-sections a";
    for (const link of card.querySelectorAll<HTMLAnchorElement>(of)) {
      const url = new URL(link.href);
      const isFile = FILE.test(url.pathname) && !PAGE.test(url.pathname);
      if (url.origin !== location.origin || isFile) continue;
      url.searchParams.set(param, words.join(" "));
      link.href = url.href;
    }
  }
}

/** The words found in a hit, each once, as they stand there. */
function foundWords(hit: Hit): string[] {
  const spans = [
    ...(hit.titleParts ?? []),
    ...(hit.excerpt ?? []),
    ...(hit.sections ?? []).flatMap(({ excerpt }) => excerpt ?? []),
  ];
  const words = new Map<string, string>();
  for (const { text, match } of spans) {
    const word = text.trim();
    if (match && word && !words.has(word.toLowerCase())) words.set(word.toLowerCase(), word);
  }
  return [...words.values()].slice(0, MAX_WORDS);
}
