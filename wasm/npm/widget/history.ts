// What goes into the browser's history and comes back from it: address, title, place on the page.
//
// Uses the history's own state for what must survive a way out and back, so nothing is ever
// stored on the reader's machine. With `sync-url="none"` it touches neither address nor title.

import type { Settings, State } from "./state.ts";
import { sameState } from "./state.ts";
import type { Texts } from "./strings.ts";
import { type Names, readParams, writeParams } from "./url.ts";

/** What is remembered of a visit to a page of results. */
interface Memory {
  /** How far the page was scrolled, in CSS pixels. */
  scroll?: number;
  /** The id of the record whose link was followed. */
  link?: string;
}

/** The address bar, the history and the title, as one search uses them. */
export class Journey {
  private readonly title = document.title;
  private readonly key: string;

  constructor(
    private readonly names: Names,
    private readonly settings: Settings,
    readonly isSynced: boolean,
  ) {
    this.key = `speir:${names.text}`;
  }

  /** The state that the address asks for. */
  read(): State {
    return readParams(new URLSearchParams(location.search), this.names, this.settings);
  }

  /** A state as an address could ask for it: what makes no sense is left out. */
  clean(state: State): State {
    return readParams(this.params(state), this.names, this.settings);
  }

  /** The parameters of a state alone. */
  params(state: State): URLSearchParams {
    return writeParams(new URLSearchParams(), state, this.names, this.settings);
  }

  /** The address of a state on this page. */
  href(state: State): string {
    const params = writeParams(
      new URLSearchParams(location.search),
      state,
      this.names,
      this.settings,
    ).toString();
    return location.pathname + (params && `?${params}`);
  }

  /** Puts a state into the address: as a new entry, or in place of the present one. */
  go(state: State, how: "push" | "replace"): void {
    if (!this.isSynced) return;
    if (how === "replace" || sameState(this.read(), state)) {
      history.replaceState(history.state, "", this.href(state));
    } else {
      this.remember({ scroll: window.scrollY });
      history.pushState(null, "", this.href(state));
    }
  }

  /** Remembers something with the present entry. */
  remember(memory: Memory): void {
    if (!this.isSynced) return;
    history.replaceState({ ...history.state, [this.key]: { ...this.memory(), ...memory } }, "");
  }

  /** What was remembered with the present entry. */
  memory(): Memory {
    const state: unknown = history.state;
    const memory =
      typeof state === "object" && state ? (state as { [key: string]: unknown })[this.key] : null;
    return typeof memory === "object" && memory ? memory : {};
  }

  /**
   * Tells the rest of the page what is asked: its title, which before the first question is the
   * author's own, and its links to the same page in another language, `a[data-speir-lang]`.
   */
  tell(state: State, texts: Texts, isWrong = false): void {
    if (!this.isSynced) return;
    for (const link of document.querySelectorAll<HTMLAnchorElement>("a[data-speir-lang][href]")) {
      const url = new URL(link.href);
      url.search = writeParams(url.searchParams, state, this.names, this.settings).toString();
      link.href = url.href;
    }
    const { page, text } = state;
    let title = this.title;
    if (state.asked && text) {
      title = texts.say(page > 1 ? "title.page" : "title", { text, page, title });
    } else if (page > 1) {
      title = texts.say("title", { text: texts.say("pager.page", { page }), title });
    }
    document.title = isWrong ? texts.say("title.error", { title }) : title;
  }

  /** True if the reader has come back to this page from another. */
  get isReturn(): boolean {
    const [entry] = performance.getEntriesByType("navigation") as PerformanceNavigationTiming[];
    return entry?.type === "back_forward";
  }
}
