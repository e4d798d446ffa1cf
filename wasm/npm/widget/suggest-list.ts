// The list of suggestions: its options, which of them is active, and where it stands.
//
// Knows neither the index nor the keyboard. Texts become text nodes. Options hold text alone, their
// kind as part of it ("Housing advice, Title"), and nothing in the list ever takes focus.

import type { Suggestion } from "../src/types.ts";
import { make, setText, show } from "./dom.ts";
import { dropSheet, makeSheet } from "./sheet.ts";

/** From these sizes on the list lies above the page; below them it pushes what follows down. */
const OVER = "(min-width: 640px) and (min-height: 400px)";

/** Pixels kept free between the list and the edge of the window. */
const EDGE_PX = 8;

/** Least height of a list in pixels: two lines of options, so that it can be seen to go on. */
const LEAST_PX = 88;

/** The list of suggestions of one input. */
export class SuggestionList {
  /** The list. In the page from the start, as the input refers to it. */
  readonly element: HTMLUListElement;
  private options: { readonly element: HTMLLIElement; readonly text: string }[] = [];
  /** The number of the active option; -1 for none. */
  private at = -1;
  private readonly sheet = makeSheet();

  constructor(
    private readonly input: HTMLInputElement,
    readonly id: string,
    private readonly choose: (text: string) => void,
  ) {
    this.element = make("ul", { id, class: "speir-suggestions", role: "listbox", hidden: true });
    placeAfter(input).after(this.element);
    // Focus stays in the input, and the list open, while an option is pressed.
    this.element.addEventListener("mousedown", (event) => event.preventDefault());
    this.element.addEventListener("click", ({ target }) => {
      const chosen = this.options.find(({ element }) => element.contains(target as Node));
      if (chosen) this.choose(chosen.text);
    });
  }

  /** True while the list can be seen. */
  get isOpen(): boolean {
    return !this.element.hidden;
  }

  /** How many options there are. */
  get count(): number {
    return this.options.length;
  }

  /** The text of the active option; `null` for none. */
  get active(): string | null {
    return this.options[this.at]?.text ?? null;
  }

  /** Shows other options, none of them active. */
  fill(suggestions: readonly Suggestion[], label: string, kindOf: (one: Suggestion) => string): void {
    this.activate(-1);
    this.element.setAttribute("aria-label", label);
    this.options = suggestions.map((suggestion, at) => ({
      text: suggestion.text,
      element: make(
        "li",
        { id: `${this.id}-${at}`, role: "option", "aria-selected": "false" },
        make("span", { dir: "auto" }, suggestion.text),
        make("span", { class: "speir-suggestion-comma" }, ", "),
        make("span", { class: "speir-suggestion-kind" }, kindOf(suggestion)),
      ),
    }));
    this.element.replaceChildren(...this.options.map(({ element }) => element));
  }

  /** Opens the list, if there is anything in it, or closes it. */
  toggle(isOpen: boolean): void {
    const isShown = isOpen && this.count > 0;
    show(this.element, isShown);
    this.input.setAttribute("aria-expanded", String(isShown));
    if (isShown) this.place();
    else this.activate(-1);
  }

  /** The next option by `step`; beyond the last and the first comes the input itself. */
  move(step: 1 | -1): void {
    const places = this.count + 1;
    this.activate(((this.at + 1 + step + places) % places) - 1);
  }

  /** Makes an option active, or none. */
  activate(at: number): void {
    this.options[this.at]?.element.setAttribute("aria-selected", "false");
    this.at = at;
    const option = this.options[at]?.element;
    if (!option) {
      this.input.removeAttribute("aria-activedescendant");
      return;
    }
    option.setAttribute("aria-selected", "true");
    this.input.setAttribute("aria-activedescendant", option.id);
    option.scrollIntoView({ block: "nearest" });
  }

  /** Puts the list where the whole of it can be seen: by rules, as styles of elements are refused. */
  place(): void {
    if (!this.isOpen) return;
    this.sheet.replaceSync("");
    const { element, input } = this;
    const rule = (text: string) =>
      this.sheet.replaceSync(`@layer speir{:where(#${CSS.escape(this.id)}){${text}}}`);
    const box = input.getBoundingClientRect();
    if (!matchMedia(OVER).matches) {
      const room = innerHeight - (element.getBoundingClientRect().top - box.top) - EDGE_PX;
      rule(`max-block-size:${Math.max(room, LEAST_PX)}px`);
      const beyond = element.getBoundingClientRect().bottom + EDGE_PX / 2 - innerHeight;
      // The input stays in sight, whatever else has to leave it.
      if (beyond > 0) scrollBy({ top: Math.min(beyond, Math.max(box.top, 0)), behavior: "instant" });
      return;
    }
    const below = innerHeight - box.bottom - EDGE_PX;
    const above = box.top - EDGE_PX;
    const isBelow = below >= LEAST_PX * 2 || below >= above;
    const size = `inline-size:${box.width}px;max-block-size:${Math.max(isBelow ? below : above, LEAST_PX)}px`;
    rule(size);
    // Measured where it happens to be, whatever the page's own boxes are, and moved from there.
    const { left, top, height } = element.getBoundingClientRect();
    const y = isBelow ? box.bottom - top : box.top - height - top;
    rule(`${size};translate:${box.left - left}px ${y}px`);
  }

  /** Takes the list away for good. */
  remove(): void {
    this.element.remove();
    dropSheet(this.sheet);
  }
}

/** Speaks where the page has no region for it: polite, made once, emptied before it speaks. */
export class SuggestionStatus {
  readonly element = make("span", { class: "speir-suggestion-status", role: "status" });

  /** Says a text, also if it is the one before. */
  say(text: string): void {
    setText(this.element, "");
    setText(this.element, text);
  }
}

/**
 * What the list comes after: the input, or what holds it in a row with others, which the list must
 * not break, or in a label, which would take its clicks.
 */
function placeAfter(input: HTMLInputElement): Element {
  let place: Element = input;
  while (place !== input.form && place.parentElement) {
    const parent = place.parentElement;
    const isRow = /flex|grid/.test(getComputedStyle(parent).display);
    if (!isRow && !place.closest("label")) break;
    place = parent;
  }
  return place;
}
