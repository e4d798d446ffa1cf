// On the pages that results lead to: marks the words that were found, and gives focus to the heading that
// the address names. The file `speir-highlight.js`.
//
// A site adds it to its pages of content; it does nothing where the address says nothing. The words come
// in the parameter `highlight`, or in the one that `<main data-speir-highlight="name">` names; any
// element with that attribute is looked through in place of <main>. It says nothing aloud, stores nothing
// and fetches nothing but its button's text on pages that are not in English.

import { focusTarget } from "./arrival.ts";
import { make } from "./dom.ts";
import rules from "./highlight.css";
import { fetchTable, langOf } from "./languages.ts";
import { markWords, unmark, wordsOf } from "./marks.ts";
import { addSheet } from "./sheet.ts";
import { filler, type Strings, usable } from "./words.ts";

/** The button's text, in English. */
export const HIGHLIGHT_ENGLISH = {
  "highlight.hide": "Hide highlights ({n})",
} satisfies Strings;

/** Marks the words of the address in the page, with a button that takes the marks away. */
export async function highlight(): Promise<void> {
  const root =
    document.querySelector("[data-speir-highlight]") ??
    document.querySelector("main, [role=main]") ??
    document.body;
  const param = root.getAttribute("data-speir-highlight") || "highlight";
  const words = wordsOf(new URLSearchParams(location.search).getAll(param).join(" "));
  const marks = markWords(root, words);
  if (!marks.length) return;
  addSheet(rules);
  // A fragment is where the reader wants to be; coming back, the browser knows the place.
  const [entry] = performance.getEntriesByType("navigation") as PerformanceNavigationTiming[];
  if (!location.hash && entry?.type === "navigate") marks[0]!.scrollIntoView({ block: "center" });

  const lang = langOf(root);
  const table: Strings = { ...HIGHLIGHT_ENGLISH, ...(await fetchTable(lang)) };
  const text = filler(usable(lang)).fill(table["highlight.hide"]!, { n: marks.length });
  const button = make("button", { type: "button", class: "speir-highlight-hide" }, text);
  button.addEventListener("click", () => {
    unmark(marks);
    button.remove();
    // The address no longer asks for marks either: reloaded or sent on, the page is as it is now.
    const url = new URL(location.href);
    url.searchParams.delete(param);
    history.replaceState(history.state, "", url);
    hold(root);
  });
  root.prepend(button);
}

/** Keeps focus where the button was, at the top of the text, rather than at the top of the page. */
function hold(root: Element): void {
  if (!(root instanceof HTMLElement)) return;
  const hadIndex = root.hasAttribute("tabindex");
  if (!hadIndex) root.setAttribute("tabindex", "-1");
  root.focus({ preventScroll: true });
  if (!hadIndex) root.addEventListener("blur", () => root.removeAttribute("tabindex"), { once: true });
}

/** Does all of it as soon as the page has been read. */
function arrive(): void {
  void highlight();
  focusTarget(location.hash);
  // The browser takes the focus away again when it comes to the fragment itself, at the latest once all
  // is loaded.
  window.addEventListener("load", () => setTimeout(() => focusTarget(location.hash)));
  window.addEventListener("hashchange", () => focusTarget(location.hash));
}

// Where a site is built there is no page, and nothing to do.
if (globalThis.document) {
  if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", arrive);
  else arrive();
}
