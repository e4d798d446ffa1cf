// How a text of a table becomes a sentence: values filled in, the plural form of the language chosen.
//
// Knows plurals through Intl.PluralRules, so that Welsh can have its six forms.
// What runs in the other direction is set apart, so that it does not carry off what stands beside it.
// Knows no text.

import { directionOf } from "./languages.ts";

/** Letters of scripts that run from right to left, and marks that make others do so. */
const FROM_RIGHT = /[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc\u202b\u202e]/;

/** A text with a form for each plural category that its language has. */
export type Plural = { other: string } & { [category in Intl.LDMLPluralRule]?: string };

/** Texts by key. `{name}` in a text is filled in; `{n}` also chooses the plural form. */
export type Strings = { [key: string]: string | Plural };

/** What is filled into a text. */
export type Values = { [name: string]: string | number };

/** Fills texts in one language. */
export interface Filler {
  /** The text with its values filled in. */
  fill(entry: string | Plural, values?: Values): string;
  /** A number as this language writes it. */
  number(value: number): string;
}

/** Fills texts as a language does; the tag has to be well formed, as `usable` makes it. */
export function filler(tag: string): Filler {
  const plurals = new Intl.PluralRules(tag);
  const numbers = new Intl.NumberFormat(tag, { maximumFractionDigits: 1 });
  // First Strong Isolate and Pop Directional Isolate (Unicode Standard Annex 9, 2.4).
  const apart = (value: string) =>
    /\p{L}/u.test(value) && FROM_RIGHT.test(value) !== (directionOf(tag) === "rtl")
      ? `\u2068${value}\u2069`
      : value;
  return {
    fill(entry, values = {}) {
      const text =
        typeof entry === "string" ? entry : (entry[plurals.select(Number(values.n))] ?? entry.other);
      return text.replace(/\{(\w+)\}/g, (whole, name: string) => {
        const value = values[name];
        return value === undefined
          ? whole
          : typeof value === "number"
            ? numbers.format(value)
            : apart(value);
      });
    },
    number: (value) => numbers.format(value),
  };
}

/** The tag itself where it is well formed, else English: an author's slip must not stop the search. */
export function usable(lang: string): string {
  try {
    return Intl.getCanonicalLocales(lang)[0] ?? "en";
  } catch {
    return "en";
  }
}
