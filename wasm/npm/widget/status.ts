// Speaks to readers of a screen reader: one polite live region, made once and kept.
//
// Says one sentence for each search, once things have settled, and that it is loading
// where that takes long. The region is emptied before it speaks, so that the same sentence
// is heard again after a new search. What it says can be seen elsewhere on the page.

import { make, setText } from "./dom.ts";

/** How long nothing may have changed before the outcome is spoken. */
export const SETTLE_MS = 500;

/** How long a search may take before readers are told that it is loading. */
export const LOADING_MS = 1000;

/** The live region and its timers. */
export class Status {
  /** The region. It is never hidden, moved or made anew. */
  readonly element = make("p", { class: "speir-hidden", role: "status" });
  private settling = 0;
  private loading = 0;

  /** A search has begun; after a while `slow` is called and `text` spoken. */
  begin(text: string, slow: () => void): void {
    this.stop();
    setText(this.element, "");
    this.loading = window.setTimeout(() => {
      setText(this.element, text);
      slow();
    }, LOADING_MS);
  }

  /** A search has ended: `text` is spoken once nothing has followed for `SETTLE_MS`. */
  end(text: string): void {
    this.stop();
    this.settling = window.setTimeout(() => {
      setText(this.element, "");
      setText(this.element, text);
    }, SETTLE_MS);
  }

  /** Ends all timers. */
  stop(): void {
    clearTimeout(this.settling);
    clearTimeout(this.loading);
  }
}
