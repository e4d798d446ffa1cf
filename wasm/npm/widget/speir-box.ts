// <speir-box>: the author's own search form on any page of the site, which leads to the page of results.
//
// The form is plain: it is sent by GET, with JavaScript and without, and this element never stops it.
// It adds suggestions and a key that leads to the box, where the author asks for them. Nothing else is
// fetched before the box is focused. Registers the element when it is loaded.

import type { OpenIndex } from "./engine.ts";
import { openIndex } from "./engine.ts";

/** Fields in which a key is only a character. */
const FIELDS = "input, textarea, select, [contenteditable]:not([contenteditable=false])";

/** So that the file can be loaded where there is no page, as when a site is built. */
const Base = (globalThis.HTMLElement ?? class {}) as typeof HTMLElement;

/** So that each box's ids differ. */
let made = 0;

/**
 * The element. Attributes, all optional: `src` (folder of the index; where this script lies if not
 * given), `suggestions` and `shortcut`, a key such as `/` or a combination such as `Control+k`. The
 * shortcut is read anew at each key, so that a switch of the page can take it away.
 */
export class SpeirBox extends Base {
  /** Completes in place of the index in `src`: an opened index, or what is like one. */
  declare source?: Pick<OpenIndex, "suggest">;
  private listening: AbortController | null = null;

  /** Begins to listen, once the page has been read so far. */
  connectedCallback(): void {
    this.listening = new AbortController();
    const { signal } = this.listening;
    const start = () => this.start(signal);
    if (document.readyState !== "loading") start();
    else document.addEventListener("DOMContentLoaded", start, { once: true, signal });
  }

  /** Ends every listener. */
  disconnectedCallback(): void {
    this.listening?.abort();
  }

  private start(signal: AbortSignal): void {
    const form = this.querySelector("form");
    const input = form?.querySelector<HTMLInputElement>("input[type=search], input[name=q], input[type=text], input:not([type])");
    if (!form || !input) {
      // For the author: without a form there is nothing to make better, and nothing to break.
      console.error("speir-box: it has to hold a form with a search box: <form action=… method=get>");
      return;
    }
    document.addEventListener("keydown", (event) => this.press(event, input), { signal });
    if (!this.hasAttribute("suggestions")) return;

    const begin = async () => {
      // Both at once: the index is what takes long.
      this.index().catch(() => undefined);
      const { suggest } = await import("./suggest.ts");
      if (signal.aborted) return;
      suggest({
        input,
        form,
        root: this,
        id: `speir-box-${(made += 1)}`,
        complete: async (typed, options) => (await (await this.index()).suggest?.(typed, options)) ?? [],
        signal,
      });
    };
    // Without suggestions the box is a box.
    const tryToBegin = () => void begin().catch(console.error);
    if (document.activeElement === input) tryToBegin();
    else input.addEventListener("focus", tryToBegin, { once: true, signal });
  }

  private async index(): Promise<Pick<OpenIndex, "suggest">> {
    if (this.source) return this.source;
    const src = this.getAttribute("src") ?? new URL("./", import.meta.url).href;
    return openIndex(new URL(src, document.baseURI).href);
  }

  /** Leads to the box where the shortcut is pressed outside a field. */
  private press(event: KeyboardEvent, input: HTMLInputElement): void {
    const shortcut = this.getAttribute("shortcut");
    const { target } = event;
    if (!shortcut || event.defaultPrevented || event.isComposing || event.repeat) return;
    if (target instanceof Element && target.closest(FIELDS)) return;
    const parts = shortcut.split("+");
    // The plus sign itself leaves nothing behind the last one.
    const key = parts.pop() || "+";
    const held = (["Control", "Alt", "Meta"] as const).every(
      (name) => event.getModifierState(name) === parts.includes(name),
    );
    if (!held || event.key.toLowerCase() !== key.toLowerCase()) return;
    event.preventDefault();
    input.focus();
    input.select();
  }
}

// A page may load this twice, from two templates; the second time changes nothing.
if (globalThis.customElements && !customElements.get("speir-box")) {
  customElements.define("speir-box", SpeirBox);
}
