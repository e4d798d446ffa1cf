// One result: the record's cover, title, facts, text, sections and files, each where it has one.
//
// What a record lacks leaves nothing behind: no label, comma or gap.
// The title is shown whole; only the page's style may decide how it wraps.
// Each text of the record has a direction of its own, so that marks of direction in it, which an
// excerpt may have lost half of, move nothing that stands beside it (Unicode Standard Annex 9, 3.3.2).

import type { FieldValue, Hit, SectionHit } from "./answer.ts";
import type { Context } from "./context.ts";
import { foreignHost, hiddenText, make, marked, safeHref, setText } from "./dom.ts";
import { directionOf } from "./languages.ts";
import type { Texts } from "./strings.ts";

/** How a result is to be shown. */
export interface CardOptions {
  /** Level of the title's heading, 2 to 6. */
  readonly level: number;
  /** The facts below the title, by field, in order. */
  readonly meta: readonly string[];
}

/** What a card is made of. */
export interface Card {
  readonly element: HTMLLIElement;
  /** The title's link; `null` for a record that leads nowhere. */
  readonly link: HTMLAnchorElement | null;
}

/** How a text of a record is written: `lang` only where it is not the page's. */
interface Writing {
  readonly lang: string | null;
  readonly dir: "rtl" | "ltr" | "auto";
  readonly [attribute: string]: string | null;
}

/** Makes the card of a hit. */
export function makeCard(hit: Hit, options: CardOptions, context: Context): Card {
  const { texts } = context;
  // Said only where it differs: a reader's software changes its voice with it.
  const lang = isOtherLanguage(hit.lang, texts.lang) ? hit.lang : null;
  // A language that is the page's may only be what the index takes for one that is not said.
  const direction = directionOf(hit.lang);
  const dir = lang || direction === "rtl" ? direction : "auto";
  const writing: Writing = { lang, dir };
  const element = make("li", { class: "speir-result" });

  const image = safeHref(hit.fields["image"]);
  if (image) element.append(cover(image));

  const title = make("bdi", writing, ...(hit.titleParts?.length ? marked(hit.titleParts) : [hit.title]));
  const href = safeHref(hit.url);
  const host = href && foreignHost(href);
  const link = href ? make("a", { href, class: "speir-link" }, title) : null;
  if (host) link?.append(" ", make("span", { class: "speir-host", dir: "ltr" }, `(${host})`));
  const heading = make(`h${options.level}` as "h3", { class: "speir-title" }, link ?? title);
  element.append(heading);

  element.append(...standing(hit, texts));

  const facts = options.meta.flatMap((field) => fact(field, hit, lang, texts));
  if (lang) {
    facts.push(
      make(
        "div",
        {},
        make("dd", {}, texts.say("result.inLanguage", { language: texts.language(lang) })),
      ),
    );
  }
  if (facts.length) element.append(make("dl", { class: "speir-meta" }, ...facts));

  element.append(...abstract(hit, writing, texts));

  const sections = (hit.sections ?? []).map((section) => sectionItem(section, writing));
  if (sections.length) {
    const label = texts.say("result.sections", { title: hit.title });
    element.append(make("ul", { class: "speir-sections", "aria-label": label }, ...sections));
  }

  const downloads = list(hit.fields["downloads"]).flatMap((entry) =>
    downloadItem(entry, hit, writing, texts),
  );
  if (downloads.length) element.append(make("ul", { class: "speir-downloads" }, ...downloads));
  return { element, link };
}

/** Why the record comes after those that match as well: its time is over, or another replaces it. */
function standing(hit: Hit, texts: Texts): HTMLElement[] {
  const line = (...children: (Node | string)[]) => [
    make("p", { class: "speir-standing" }, ...children),
  ];
  if (hit.standing === "expired") {
    const until = hit.fields["validUntil"];
    return typeof until === "string"
      ? line(texts.say("result.expired", { date: longDate(until, texts.lang) }))
      : line(texts.say("result.expiredUnnamed"));
  }
  if (hit.standing !== "replaced") return [];
  const other = hit.fields["replacedBy"];
  const { title, url } = typeof other === "object" && other && !Array.isArray(other) ? other : {};
  if (typeof title !== "string" || !title) return line(texts.say("result.replacedUnnamed"));
  const href = safeHref(url);
  const [before = "", after = ""] = texts.say("result.replaced", { title: "\n" }).split("\n");
  return line(before, make(href ? "a" : "bdi", { href, dir: "auto" }, title), after);
}

/** The cover says nothing that the title does not, so it has an empty text and no link. */
function cover(src: string): HTMLImageElement {
  // Width and height keep its place while it loads; the style sheet decides the real size.
  const image = make("img", {
    src,
    alt: "",
    loading: "lazy",
    width: 96,
    height: 128,
    class: "speir-cover",
  });
  image.addEventListener("error", () => image.remove());
  return image;
}

/** The piece of text around the words found, and the whole description where that has more to say. */
function abstract(hit: Hit, writing: Writing, texts: Texts): HTMLElement[] {
  const excerpt = marked(hit.excerpt ?? []);
  const whole = hit.fields["description"];
  const shown = (hit.excerpt ?? []).reduce((length, { text }) => length + text.length, 0);
  const text = make("p", { class: "speir-excerpt", ...writing }, ...excerpt);
  if (typeof whole !== "string" || whole.trim().length <= shown) {
    return excerpt.length ? [text] : [];
  }

  const word = make("span");
  const about = hiddenText(texts.say("result.about", { title: hit.title }));
  const button = make("button", { type: "button", class: "speir-more" }, word, about);
  const set = (isOpen: boolean) => {
    button.setAttribute("aria-expanded", String(isOpen));
    setText(word, texts.say(isOpen ? "result.less" : "result.more"));
    text.replaceChildren(...(isOpen ? [whole] : excerpt));
  };
  set(!excerpt.length);
  button.addEventListener("click", () => set(button.getAttribute("aria-expanded") !== "true"));
  return [text, button];
}

/** A field's values with its name before them, for readers who cannot see what they are. */
function fact(field: string, hit: Hit, lang: string | null, texts: Texts): HTMLElement[] {
  let values = list(hit.fields[field]).filter(
    (value) => typeof value === "string" || typeof value === "number",
  );
  if (field === "year" && !values.length) {
    values = list(hit.fields["date"]).map((date) => String(date).slice(0, 4));
  }
  if (!values.length) return [];
  const items = values.map((value) => {
    const text =
      field === "date" ? longDate(String(value), texts.lang) : texts.value(field, String(value));
    // A number, a date and what has been put into the page's language is said in that.
    return make("dd", {}, make("bdi", { lang: text === value && lang }, text));
  });
  return [
    make(
      "div",
      { class: `speir-field speir-field-${field}` },
      make("dt", {}, hiddenText(texts.field(field))),
      ...items,
    ),
  ];
}

/** A part of the record with its number and its own link, below the headings that it stands under. */
function sectionItem(section: SectionHit, writing: Writing): HTMLElement {
  const name = [section.number, section.heading].filter(Boolean).join(" ");
  const href = safeHref(section.url);
  const item = make("li", writing);
  const trail = list(section.trail).flatMap((above) => [" › ", make("bdi", {}, String(above))]);
  if (trail.length) item.append(make("p", { class: "speir-trail" }, ...trail.slice(1), " ›"));
  item.append(href ? make("a", { href }, name) : make("span", {}, name));
  if (section.excerpt?.length) {
    item.append(make("p", { class: "speir-excerpt" }, ...marked(section.excerpt)));
  }
  return item;
}

/** A file, its link named so that it is unlike every other link on the page. */
function downloadItem(entry: FieldValue, hit: Hit, writing: Writing, texts: Texts): HTMLElement[] {
  const file = typeof entry === "object" && entry && !Array.isArray(entry) ? entry : { url: entry };
  const href = safeHref(file["url"]);
  if (!href) return [];
  const ending = /\.([a-z]{2,4})(?:[?#]|$)/i.exec(href)?.[1]?.toUpperCase();
  const format = typeof file["format"] === "string" ? file["format"] : ending;
  const size = typeof file["bytes"] === "number" ? sizeText(file["bytes"], texts) : null;
  const details = [format, size].filter(Boolean).join(", ");
  const name = typeof file["title"] === "string" && file["title"] ? file["title"] : hit.title;
  const link = make("a", { href }, `${texts.say("result.download")} `, make("bdi", writing, name));
  if (details) link.append(` (${details})`);
  return [make("li", {}, link)];
}

function sizeText(bytes: number, texts: Texts): string {
  return bytes < 1_000_000
    ? texts.say("size.kb", { size: Math.max(1, Math.round(bytes / 1000)) })
    : texts.say("size.mb", { size: bytes / 1_000_000 });
}

/** An ISO date as the language writes it; what is no date stays as it is. */
function longDate(text: string, lang: string): string {
  const date = new Date(text);
  if (!/^\d{4}-\d\d-\d\d/.test(text) || Number.isNaN(date.getTime())) return text;
  return new Intl.DateTimeFormat(lang, { dateStyle: "long", timeZone: "UTC" }).format(date);
}

function isOtherLanguage(lang: string | null | undefined, page: string): lang is string {
  return Boolean(lang) && lang!.split("-")[0]!.toLowerCase() !== page.split("-")[0]!.toLowerCase();
}

/** The single values of a field: none, one or many. */
function list(value: FieldValue | undefined): FieldValue[] {
  const values = Array.isArray(value) ? value : [value];
  return values.filter(
    (item): item is FieldValue => item !== undefined && item !== null && item !== "",
  );
}
