// What the parts of the widget are told by the element, and what they may ask of it.
//
// The only way from a part back to the element: parts do not know each other.

import { make, type Attributes } from "./dom.ts";
import type { Settings, State } from "./state.ts";
import type { Texts } from "./strings.ts";

/** How a new state is to be taken. */
export interface How {
  /** What becomes of the address; a new entry of the history if not said. */
  readonly history?: "push" | "replace" | "none";
  /** Where focus goes once the answer is there: the results heading, or the n-th active filter. */
  readonly focus?: "heading" | number;
  /** True to set every control to the state, also those that the reader has changed since. */
  readonly reset?: boolean;
  /** True to leave the box and the page's place as they are, because the reader is typing. */
  readonly keepText?: boolean;
}

/** The element, as its parts see it. */
export interface Context {
  readonly settings: Settings;
  /** What stands before the names of parameters. */
  readonly prefix: string;
  /** True if a changed filter applies at once, without a button. */
  readonly instant: boolean;
  /** The texts in the language of now. */
  readonly texts: Texts;
  /** An id that no other element of the page has. */
  id(name: string): string;
  /** The address of a state. */
  href(state: State): string;
  /** Asks for a state. */
  go(state: State, how?: How): void;
  /** Asks for what all controls say at the moment. */
  apply(): void;
  /** Tells that a link of a hit was followed, its place counted from 1 over all pages; false if the page forbids it. */
  select(id: string, position: number): boolean;
}

/** A link to a state: followed in place by a plain click, and as an address by any other. */
export function stateLink(
  context: Context,
  state: State,
  how: How,
  attributes: Attributes,
  ...children: (Node | string)[]
): HTMLAnchorElement {
  const link = make("a", { ...attributes, href: context.href(state) }, ...children);
  link.addEventListener("click", (event) => {
    // A new tab or window is the reader's choice and the browser's work.
    if (event.button || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
    event.preventDefault();
    context.go(state, how);
  });
  return link;
}
