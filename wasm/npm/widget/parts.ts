// Everything that one element is made of, put around what the author has written.
//
// Reads the element's attributes, once. Makes the parts and lays them out; what happens
// between them afterwards is the element's business.

import { Box } from "./box.ts";
import type { Context } from "./context.ts";
import { make, show } from "./dom.ts";
import { FacetPanel } from "./facets.ts";
import { Journey } from "./history.ts";
import { langOf } from "./languages.ts";
import { Results } from "./results.ts";
import type { Settings, State } from "./state.ts";
import { Status } from "./status.ts";
import { type Strings, type Texts, texts } from "./strings.ts";

/** Everything that an element is made of. */
export interface Parts {
  /** All that is shown after a question: what the reader waits for, filters, results. */
  readonly area: HTMLElement;
  /** What the author has put after the form: shown where there are no results. */
  readonly authored: readonly HTMLElement[];
  readonly box: Box;
  readonly context: Context & { texts: Texts };
  readonly journey: Journey;
  readonly names: { readonly text: string; readonly prefix: string };
  readonly panel: FacetPanel;
  readonly results: Results;
  readonly settings: Settings;
  /** The column of the filters. */
  readonly side: HTMLElement;
  readonly skip: HTMLElement;
  readonly status: Status;
}

/** So that each element's ids differ. */
let made = 0;

/** Makes everything that is ours, once, around what is the author's. */
export function buildParts(host: HTMLElement, asks: Pick<Context, "go" | "apply" | "select">): Parts {
  const attribute = (name: string, otherwise: string) => host.getAttribute(name) ?? otherwise;
  const words = (text: string) => text.split(/\s+/).filter(Boolean);
  const facets = words(attribute("facets", "type organisations year"));
  const range = attribute("range", "year");
  const settings: Settings = {
    facets,
    range: facets.includes(range) ? range : "",
    pageSize: wholeNumber(attribute("page-size", "10"), 1, 100) ?? 10,
  };
  const n = (made += 1);
  const prefix = attribute("param-prefix", "");
  const context = {
    settings,
    prefix,
    instant: host.getAttribute("filters") === "instant",
    texts: readTexts(host),
    id: (name: string) => `speir-${n}-${name}`,
    href: (state: State) => journey.href(state),
    ...asks,
  };

  // The author's list is what follows the form; a help text is shown only where nothing is found.
  const help = host.querySelector("[data-speir=help]");
  const box = new Box(host, context);
  const authored: HTMLElement[] = [];
  for (let next = box.top.nextElementSibling; next; next = next.nextElementSibling) {
    const isText = next !== help && !next.matches("script, template");
    if (isText && next instanceof HTMLElement && !next.hidden) authored.push(next);
  }
  if (help instanceof HTMLElement) show(help, false);

  const names = { text: box.input.name, prefix };
  const journey = new Journey(names, settings, host.getAttribute("sync-url") !== "none");
  const level = wholeNumber(attribute("heading-level", "3"), 2, 6) ?? 3;
  const meta = words(attribute("meta", "organisations authors year type"));
  const results = new Results(context, { level, meta }, help);
  const panel = new FacetPanel(context);
  const status = new Status();
  const skip = make(
    "a",
    { class: "speir-skip", href: `#${results.heading.id}` },
    context.texts.say("facets.skip"),
  );
  skip.addEventListener("click", (event) => {
    event.preventDefault();
    results.heading.focus();
  });
  const side = make("div", { class: "speir-side", hidden: true }, skip, panel.button, panel.form);
  const grid = make("div", { class: "speir-grid" }, side, results.element);
  const area = make("div", { class: "speir-area", hidden: true }, results.wait, grid);
  box.top.after(status.element, area);
  results.element.addEventListener("click", (event) => {
    const followed = (event.target as Element).closest("a");
    for (const [id, link] of results.links) {
      const card = link.closest("li")!;
      if (!card.contains(followed)) continue;
      const list = card.parentElement as HTMLOListElement;
      const position = list.start + [...list.children].indexOf(card);
      if (asks.select(id, position)) journey.remember({ link: id, scroll: window.scrollY });
      else event.preventDefault();
    }
  });
  return {
    area,
    authored,
    box,
    context,
    journey,
    names,
    panel,
    results,
    settings,
    side,
    skip,
    status,
  };
}

/** The texts in the language of the element, the author's own wording first. */
export function readTexts(host: HTMLElement): Texts {
  const lang = langOf(host);
  const own = host.querySelector("script[data-speir=strings]")?.textContent;
  try {
    return texts(lang, own ? (JSON.parse(own) as Strings) : {});
  } catch (error) {
    // A slip in the author's wording must not take the search away.
    console.error("speir-search: data-speir=strings is not JSON:", error);
    return texts(lang);
  }
}

/** An attribute's number, kept within its bounds; `null` if it is none. */
function wholeNumber(text: string, least: number, most: number): number | null {
  const number = Math.round(Number(text));
  return Number.isNaN(number) ? null : Math.min(Math.max(number, least), most);
}
