// Makes the nodes of the widget. Every text that comes from outside goes through here.
//
// Text becomes text nodes and nothing else: there is no way in this file to turn text
// into markup, and no way to set a link that runs code. It never sets a style attribute,
// which a strict content security policy would refuse.

import type { Span } from "./answer.ts";

/** Values of attributes; `true` sets an empty attribute, `false`, `null` and nothing set none. */
export type Attributes = { [name: string]: string | number | boolean | null | undefined };

/** Makes an element with attributes and children; strings become text nodes. */
export function make<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  attributes: Attributes = {},
  ...children: (Node | string)[]
): HTMLElementTagNameMap[K] {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value === true) element.setAttribute(name, "");
    else if (value !== false && value != null) element.setAttribute(name, String(value));
  }
  element.append(...children);
  return element;
}

/** Sets an element's text, touching the document only where it differs. */
export function setText(element: Element, text: string): void {
  if (element.textContent !== text) element.textContent = text;
}

/** Shows or hides an element by its `hidden` attribute. */
export function show(element: HTMLElement, visible: boolean): void {
  element.hidden = !visible;
}

/**
 * The link as it may be set: `http`, `https`, `mailto`, or relative to the page.
 * `null` for everything else, such as `javascript:` and `data:`.
 */
export function safeHref(url: unknown): string | null {
  if (typeof url !== "string" || url.trim() === "") return null;
  let protocol: string;
  try {
    protocol = new URL(url, document.baseURI).protocol;
  } catch {
    return null;
  }
  // A relative link takes the page's own protocol, which is `file:` for a page opened from disk.
  const allowed = ["http:", "https:", "mailto:", location.protocol];
  return allowed.includes(protocol) ? url : null;
}

/** The host of a link that leads off this site, else `null`. */
export function foreignHost(url: string): string | null {
  const target = new URL(url, document.baseURI);
  return target.protocol.startsWith("http") && target.host !== location.host ? target.host : null;
}

/** Text with the words that were found in `<mark>`. */
export function marked(spans: readonly Span[]): (Node | string)[] {
  return spans.map((span) => (span.match ? make("mark", {}, span.text) : span.text));
}

/** Text that only readers of a screen reader meet. */
export function hiddenText(text: string): HTMLElement {
  return make("span", { class: "speir-hidden" }, text);
}
