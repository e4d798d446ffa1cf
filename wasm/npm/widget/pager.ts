// Links to the pages of results: real addresses, so that each page can be kept and shared.

import { stateLink, type Context } from "./context.ts";
import { hiddenText, make } from "./dom.ts";
import type { State } from "./state.ts";

/** Pages beside the present one that have a link of their own. */
const NEAR = 1;

/** How many pages there are; at least one. */
export function pageCount(total: number, pageSize: number): number {
  return Math.max(1, Math.ceil(total / pageSize));
}

/** Makes the links to the pages, or nothing where all results are on one. */
export function makePager(state: State, pages: number, context: Context): HTMLElement | null {
  if (pages < 2) return null;
  const { texts } = context;
  const link = (
    page: number,
    attributes: { [name: string]: string },
    ...children: (Node | string)[]
  ) => stateLink(context, { ...state, page }, { focus: "heading" }, attributes, ...children);
  const items: HTMLElement[] = [];

  if (state.page > 1) {
    items.push(make("li", {}, link(state.page - 1, { rel: "prev" }, texts.say("pager.previous"))));
  }
  for (let page = 1, last = 0; page <= pages; page += 1) {
    const isShown = page === 1 || page === pages || Math.abs(page - state.page) <= NEAR;
    if (!isShown) continue;
    if (page > last + 1) items.push(make("li", { class: "speir-gap", "aria-hidden": "true" }, "…"));
    last = page;
    const number = texts.number(page);
    // "Page 2" to hear, "2" to see, in whatever order the language puts them.
    const [before = "", after = ""] = texts.say("pager.page", { page: "\n" }).split("\n");
    const current: { [name: string]: string } =
      page === state.page ? { "aria-current": "page" } : {};
    items.push(make("li", {}, link(page, current, hiddenText(before), number, hiddenText(after))));
  }
  if (state.page < pages) {
    items.push(make("li", {}, link(state.page + 1, { rel: "next" }, texts.say("pager.next"))));
  }
  return make(
    "nav",
    { class: "speir-pager", "aria-label": texts.say("pager.label") },
    make("ul", {}, ...items),
  );
}
