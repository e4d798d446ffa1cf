// Text as words are compared: small letters without accents, with the way back to where they stood.
//
// Only the marks of Latin, Greek, Cyrillic, Hebrew and Arabic letters are taken away: in Bengali,
// Punjabi and others a mark is a vowel, and another one is another word.

/** Accents, Hebrew points, Arabic vowel signs and the line that lengthens an Arabic word. */
const MARKS = /[\u0300-\u036f\u0591-\u05c7\u0640\u064b-\u065f\u0670]/g;

/** A folded text. */
export interface Folded {
  readonly text: string;
  /** For each unit of `text`, and for its end, where it began in the original, in UTF-16 units. */
  readonly starts: readonly number[] | null;
}

/** One letter or word, folded. */
export function foldWord(word: string): string {
  return word.normalize("NFD").replace(MARKS, "").normalize("NFC").toLowerCase();
}

/** Folds a text. `starts` is `null` where nothing has moved, as in all plain English. */
export function foldText(text: string): Folded {
  // ASCII and the quotation marks and dashes of prose: nothing in it has an accent.
  if (!/[^\0-\x7f\u2010-\u2026]/.test(text)) return { text: text.toLowerCase(), starts: null };
  const starts: number[] = [];
  let folded = "";
  let at = 0;
  // A mark that stands by itself folds to nothing, and so belongs to the letter before it.
  for (const letter of text) {
    const plain = foldWord(letter);
    folded += plain;
    for (let unit = 0; unit < plain.length; unit += 1) starts.push(at);
    at += letter.length;
  }
  starts.push(at);
  return { text: folded, starts };
}
