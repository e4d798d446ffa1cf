// What the list of suggestions says, in English; in other languages it stands in `locales/`.
//
// Apart from the other texts, as only pages with suggestions fetch it. Has the names of fields once
// more: a box alone on a page has no other table.

import type { Strings } from "./words.ts";

/** The texts by key. */
export const SUGGEST_ENGLISH = {
  "suggest.list": "Suggestions",
  "suggest.count": { one: "{n} suggestion", other: "{n} suggestions" },
  "suggest.title": "Title",
  "suggest.heading": "Section",
  "suggest.word": "Word",
  "field.type": "Type",
  "field.organisations": "Organisation",
  "field.authors": "Author",
  "field.topics": "Topic",
  "field.places": "Place",
  "field.year": "Year",
  "field.date": "Date",
  "field.lang": "Language",
} satisfies Strings;
