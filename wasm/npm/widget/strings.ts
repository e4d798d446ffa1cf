// Every word that the widget itself says, in one table.
//
// A table for a further language has the same keys. Those of `locales/` are fetched when a page is in
// one of them; others are added with `addStrings`.
// Knows nothing of the page; `texts` is told the language and the author's own wording.

import { fetchTable, primary } from "./languages.ts";
import { filler, type Strings, usable, type Values } from "./words.ts";

export type { Strings, Values };

const ENGLISH = {
  "box.label": "Search",
  "box.submit": "Search",
  "box.clear": "Clear search",
  count: { one: "{n} resource", other: "{n} resources" },
  "count.none": "No resources",
  "count.for": "{count} for ‘{text}’",
  "count.filters": { one: "{n} filter", other: "{n} filters" },
  "count.instead": "showing results for {searched}",
  "count.page": "page {page} of {pages}",
  quote: "‘{word}’",
  loading: "Loading results",
  error: "Search is not available just now.",
  "error.list": "You can browse the list below.",
  "error.again": "Try again",
  "error.browse": "Browse all resources",
  "none.words": "Check the spelling, or try fewer or more general words.",
  "none.filters": "Some resources may have been left out by the filters.",
  "none.clear": "Search again without filters",
  "none.browse": "Browse all resources",
  "none.browseCount": { one: "Browse the {n} resource", other: "Browse all {n} resources" },
  "notice.unknownWord": "No resource contains ‘{word}’.",
  "notice.instead": "No exact matches for ‘{word}’. Showing results for {searched}.",
  "notice.insteadNone": "No exact matches for ‘{word}’. {searched} was searched for instead.",
  "notice.didYouMean": "Did you mean {words}?",
  "notice.exact": "Search only for ‘{word}’",
  "notice.synonym": "Also searched for {searched}.",
  "notice.otherForm": "No resource has ‘{word}’ in this form. Showing results for {searched}.",
  "notice.joined": "‘{word}’ was also searched as {searched}.",
  "notice.commonWords": "Results need not contain common words: {words}.",
  "notice.asWords": "‘{text}’ was searched as words.",
  "notice.prefix": "Words that begin with ‘{word}’ were searched too: {searched}.",
  "notice.partial": "These resources contain only some of your words.",
  "notice.partialAll": "No resource contains all of your words. These contain some of them.",
  "notice.tooManyWords": {
    one: "Only the first word was searched.",
    other: "Only the first {n} words were searched.",
  },
  "notice.unknownValue": "There is no {field} ‘{value}’, so that filter was left out.",
  "result.download": "Download",
  "result.inLanguage": "In {language}",
  "result.replaced": "Replaced by {title}",
  "result.replacedUnnamed": "Replaced by another resource",
  "result.expired": "Valid until {date}",
  "result.expiredUnnamed": "No longer valid",
  "result.more": "Show more",
  "result.less": "Show less",
  "result.about": " about {title}",
  "result.sections": "Sections of {title}",
  "facets.title": "Filters",
  "facets.button": "Filter",
  "facets.buttonCount": "Filter ({n})",
  "facets.apply": "Apply filters",
  "facets.skip": "Skip to results",
  "facets.missing": "Not stated",
  "facets.all": "Show all {n}",
  "facets.allOf": "Show all {n}, {field}",
  "facets.fewer": "Show fewer",
  "facets.fewerOf": "Show fewer, {field}",
  "facets.find": "Find in {field}",
  "range.from": "From",
  "range.to": "To",
  "range.any": "Any",
  "range.between": "{from} to {to}",
  "range.since": "from {from}",
  "range.until": "to {to}",
  "range.problem": "There is a problem",
  "range.wrong": "{field}: ‘From’ must be the same as or before ‘To’",
  "active.title": "Filters in use",
  "active.remove": "Remove",
  "active.filter": "{field}: {value}",
  "active.clear": "Clear all filters",
  "sort.label": "Sort by",
  "sort.relevance": "Relevance",
  "sort.newest": "Newest",
  "sort.title": "Title A to Z",
  "pager.label": "Pages of results",
  "pager.page": "Page {page}",
  "pager.previous": "Previous",
  "pager.next": "Next",
  title: "{text} – {title}",
  "title.page": "{text} (page {page}) – {title}",
  "title.error": "Error: {title}",
  "size.kb": "{size} KB",
  "size.mb": "{size} MB",
  "field.type": "Type",
  "field.organisations": "Organisation",
  "field.authors": "Author",
  "field.topics": "Topic",
  "field.places": "Place",
  "field.year": "Year",
  "field.date": "Date",
  "field.lang": "Language",
} satisfies Strings;

/** The names of all texts. */
export type Key = keyof typeof ENGLISH;

/** The widget's voice in one language. */
export interface Texts {
  /** The language, a BCP 47 tag. */
  readonly lang: string;
  /** All texts by key, those of other scripts too where the language's file has them. */
  readonly table: Strings;
  /** The text of a key, with its values filled in. */
  say(key: Key, values?: Values): string;
  /** The name of a field, such as "Organisation"; the field's own name where the table has none. */
  field(name: string): string;
  /**
   * The name of a value of a field: the page's own word for it, `value.type.report`, or the value itself;
   * `null` is the value of records that have none.
   */
  value(field: string, value: string | null): string;
  /** The name of a language in this one, such as "Welsh". */
  language(tag: string): string;
  /** Words and what stands between them where any one will do: "one, two or three". */
  either(words: readonly string[]): { type: "element" | "literal"; value: string }[];
  /** A number as this language writes it. */
  number(value: number): string;
}

const tables = new Map<string, Strings>([["en", ENGLISH]]);

/** Fetches the texts of a language if they are to be had and not there; true if they are new. */
export async function fetchStrings(lang: string): Promise<boolean> {
  const name = primary(lang);
  const table = tables.has(name) ? null : await fetchTable(name);
  if (table) tables.set(name, { ...table, ...tables.get(name) });
  return Boolean(table);
}

/** Adds the texts of a language, or changes some of them. Keys that are left out stay English. */
export function addStrings(lang: string, table: Strings): void {
  tables.set(lang, { ...tables.get(lang), ...table });
}

/** The texts for a language tag, the author's own wording first. */
export function texts(lang: string, own: Strings = {}): Texts {
  const tag = usable(lang);
  const table: Strings = {
    ...ENGLISH,
    ...tables.get(primary(tag)),
    ...tables.get(tag),
    ...own,
  };
  const { fill, number } = filler(tag);

  return {
    lang: tag,
    table,
    say: (key, values) => fill(table[key]!, values),
    field: (name) => fill(table[`field.${name}`] ?? name.charAt(0).toUpperCase() + name.slice(1)),
    value(field, value) {
      if (value === null) return fill(table["facets.missing"]!);
      if (field === "lang") return this.language(value);
      const own = table[`value.${field}.${value}`];
      return own === undefined ? value : fill(own);
    },
    language(name) {
      // Chromium knows no Welsh, Gaelic, Irish or Punjabi, so those files have the names themselves.
      const own = table[`language.${name.split("-")[0]}`];
      if (own !== undefined) return fill(own);
      try {
        return new Intl.DisplayNames([tag], { type: "language" }).of(name) ?? name;
      } catch {
        return name;
      }
    },
    either: (words) => new Intl.ListFormat(tag, { type: "disjunction" }).formatToParts(words),
    number,
  };
}
