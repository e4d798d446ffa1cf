// Which languages have a file of texts beside the scripts, and how it is fetched.
//
// Knows neither keys nor sentences. The browser keeps a module that was fetched, so all scripts of a
// page share one.

import type { Strings } from "./words.ts";

/** Languages whose texts are a file beside this script. */
const FILES = "ar bn cy fa ga gd pa pl ro uk ur zh".split(" ");

/** The language itself of a tag such as `cy-GB`. */
export function primary(lang: string): string {
  return lang.split("-")[0]!.toLowerCase();
}

/** Languages that are written from right to left, and scripts by which others are. */
const FROM_RIGHT = /^(ar|ckb|dv|fa|he|ps|sd|ug|ur|yi)\b|-(arab|hebr)/i;

/** The direction in which a language is written. */
export function directionOf(lang: string): "rtl" | "ltr" {
  return FROM_RIGHT.test(lang) ? "rtl" : "ltr";
}

/** The language of an element, by the nearest `lang`. */
export function langOf(element: Element): string {
  return element.closest("[lang]")?.getAttribute("lang") || "en";
}

/** The texts of a language, or `null` where there is no file of them or it does not come. */
export async function fetchTable(lang: string): Promise<Strings | null> {
  const name = primary(lang);
  if (!FILES.includes(name)) return null;
  return import(new URL(`./speir-${name}.js`, import.meta.url).href).then(
    (file: { default: Strings }) => file.default,
    // English is better than no search; a bundler's page adds its texts with `addStrings`.
    () => null,
  );
}
