// <speir-search>: search over the author's own form, in the author's own page.
//
// The one corridor of the widget: a change of the form, a filter, a link or the address makes
// a state; the state is asked of the index; the answer is shown and spoken. It knows all parts;
// the parts know it only as a `Context`. Light DOM, so that the page's own styles, labels and
// find-in-page reach everything. Nothing is fetched before the reader's first move.
//
// Importing this file does nothing else: define.ts registers the element.

import type { EngineName } from "../src/types.ts";
import type { Answer, Notice, SearchFunction } from "./answer.ts";
import type { How } from "./context.ts";
import { betterState, fieldsOf, readControls, writeControls } from "./controls.ts";
import { setText, show } from "./dom.ts";
import { openIndex, type OpenIndex } from "./engine.ts";
import type { Extra } from "./extras.ts";
import { langOf } from "./languages.ts";
import { adoptProperties, mirrorAttributes, type Mirrored } from "./mirror.ts";
import { buildParts, type Parts, readTexts } from "./parts.ts";
import { statusText } from "./sentences.ts";
import { activeFilters, sameState, START, type State, toOptions } from "./state.ts";
import { addStrings, fetchStrings, type Strings } from "./strings.ts";
import { ownNames } from "./url.ts";

export { addStrings, type Answer, type OpenIndex, type SearchFunction, type State, type Strings };

/** How long the reader waits for an answer before being told that there may be none. */
export const DEADLINE_MS = 8000;

/** So that the file can be loaded where there is no page, as when a site is built. */
const Base = (globalThis.HTMLElement ?? class {}) as typeof HTMLElement;

// The properties are made by `mirrorAttributes`.
export interface SpeirSearch extends Mirrored {}

/**
 * The element. Attributes, all optional: `src` (folder of the index; where this script lies if
 * not given), `facets` ("type organisations year"), `range` (the facet asked for from … to, "year"),
 * `meta` (facts shown below a title), `page-size`, `heading-level`, `lang`, `filters="instant"`,
 * `sync-url="none"`, `param-prefix` (for a second search on a page); `suggestions`, `live`,
 * `highlight` (the parameter that carries found words to the pages of results),
 * `analytics="query"` and `theme` (whose classes its parts have: `govuk`, `nhs` or `own`), and `engine` and `integrity` (options of `open`). Read once, except `lang`. Each is a property, too: see mirror.ts.
 *
 * Events, bubbling. None carries what the reader typed, but with `analytics="query"` those with a
 * star have `query`, redacted:
 * - `speir-before-search` (`page`, `filters`: names of the fields), before anything changes;
 *   cancelable, and then nothing does
 * - `speir-results`* (`total`, `page`, `filters`, `notices`: their kinds, `ms`: until the answer came)
 * - `speir-select`* (the same, and `id` and `position`, from 1, of the hit), when a link of a hit is
 *   followed; cancelable, and then it is not
 * - `speir-error` (`code`)
 * - `speir-ready` (`engine`, and `code` of the reason where that is `none`), once: the index is open,
 *   or cannot be opened
 */
export class SpeirSearch extends Base {
  /** Attributes that are followed at run time. */
  static readonly observedAttributes = ["lang"];
  /** Adds texts of a language, for pages that have the element but not this module. */
  static readonly addStrings = addStrings;

  // Declared only: a page may have set it before the element was defined, and that must stand.
  /** Answers in place of the index in `src`: an opened index, or what is like one. */
  declare source?: OpenIndex;
  /** What answers of the index in `src`, once that is known; `none` where the form goes its own way. */
  declare engine?: EngineName | "none";

  private parts: Parts | null = null;
  private listening: AbortController | null = null;
  private asking: AbortController | null = null;
  private deadline = 0;
  private current: State = START;
  private answered: { state: State; answer: Answer; extra: readonly Notice[] } | null = null;
  private total: number | null = null;
  private isOpen = false;
  private hasGivenUp = false;
  /** Settled when the texts of the page's language are there, if there are any. */
  private worded: Promise<void> | null = null;
  /** What the attributes ask for besides, once it is there. */
  private extra: Extra | undefined;
  private extras: Promise<void> | null = null;
  /** What events told of the answer shown. */
  private told: object = {};
  /** What a page has asked for before there was a form to ask it with. */
  private waiting: (() => void) | null = null;

  /** Takes the form over, or waits until the page has been read so far. */
  connectedCallback(): void {
    adoptProperties(this);
    this.listening = new AbortController();
    const { signal } = this.listening;
    if (document.readyState === "loading") {
      document.addEventListener("DOMContentLoaded", () => this.start(signal), {
        once: true,
        signal,
      });
    } else {
      this.start(signal);
    }
  }

  /** Ends every listener, timer and search. */
  disconnectedCallback(): void {
    this.listening?.abort();
    this.asking?.abort();
    clearTimeout(this.deadline);
    this.parts?.status.stop();
    this.extras = null;
  }

  /** What was asked last: plain data, which `search` takes again. */
  get state(): State {
    return this.current;
  }

  /** Asks for another state, as `search` does. */
  set state(state: Partial<State>) {
    void this.search(state);
  }

  /**
   * Searches as the reader would, with a new entry of the history. What is left out is as at the
   * start; what makes no sense is passed over, as in an address. Settled when the answer is shown,
   * or that there is none, or when another search has taken its place.
   */
  search(state: Partial<State> = {}): Promise<void> {
    const { parts } = this;
    return parts
      ? this.run(parts.journey.clean({ ...START, ...state, asked: true }), { reset: true })
      : new Promise((done) => (this.waiting = () => done(this.search(state))));
  }

  /** @internal The index: the page's own, or the one in `src`, opened once. */
  async index(): Promise<OpenIndex> {
    if (this.source) return this.source;
    const src = this.src ?? new URL("./", import.meta.url).href;
    const url = new URL(src, document.baseURI).href;
    return openIndex(url, this.getAttribute("engine"), this.getAttribute("integrity"));
  }

  /** Says everything again in the new language; what was asked and where focus is stays. */
  attributeChangedCallback(): void {
    if (!this.parts) return;
    this.fetchTexts();
    this.relabel();
  }

  /** Fetches the texts of the language, and says everything in them when they are there. */
  private fetchTexts(): void {
    this.worded = fetchStrings(langOf(this)).then((areNew) => void (areNew && this.relabel()));
  }

  private relabel(): void {
    const { parts } = this;
    if (!parts) return;
    parts.context.texts = readTexts(this);
    for (const part of [parts.box, parts.panel, parts.results]) part.relabel();
    setText(parts.skip, parts.context.texts.say("facets.skip"));
    const { answered } = this;
    if (answered) this.show(answered.state, answered.answer, answered.extra, true);
  }

  private start(signal: AbortSignal): void {
    this.parts ??= buildParts(this, {
      go: (state, how) => void this.run(state, how),
      apply: () => this.apply(),
      select: (id, position) => this.tell("speir-select", { ...this.told, id, position }, true),
    });
    const { box, journey, context } = this.parts;
    this.fetchTexts();

    box.listen(signal);
    box.form.addEventListener(
      "submit",
      (event) => {
        // Where there is no index, or the author's button leads elsewhere, the form goes its own way.
        if (this.hasGivenUp || event.submitter?.hasAttribute("formaction")) return;
        event.preventDefault();
        context.apply();
      },
      { signal },
    );
    // Loading begins while the reader still types.
    const prepare = () => this.prepare();
    box.form.addEventListener("focusin", prepare, { once: true, signal });
    if (box.form.contains(document.activeElement)) prepare();

    if (this.waiting) this.waiting();
    if (!journey.isSynced) return;
    // On the window: the document never receives this event.
    window.addEventListener("popstate", () => this.come(journey.read()), { signal });
    const state = journey.read();
    if (state.asked && !this.waiting) {
      void this.run(state, { history: "none", reset: true, keepText: box.isTyped });
    }
    this.waiting = null;
  }

  /** Begins to load what the first search needs. */
  private prepare(): void {
    // What fails here fails again, and is told, when the reader searches.
    this.index().catch(() => undefined);
    const { signal } = this.listening!;
    if (!this.matches("[suggestions],[live],[highlight],[analytics],[theme]")) return;
    this.extras ??= import("./extras.ts").then(async ({ startExtras }) => {
      if (!signal.aborted) this.extra = await startExtras(this, this.parts!, signal);
      // Without its extras a search is still a search.
    }, console.error);
  }

  /** A state that came with the address: Back, Forward. */
  private come(state: State): void {
    if (sameState(state, this.current)) return;
    if (state.asked) void this.run(state, { history: "none", reset: true });
    else this.rest();
  }

  /** What all controls say at the moment, as a new question. */
  private apply(): void {
    const { context, journey, panel } = this.parts!;
    const state = readControls(this.parts!, this.current, this.answered !== null);
    if (panel.check()) void this.run(state);
    else journey.tell(this.current, context.texts, true);
  }

  /** Asks for a state and shows what comes; of several that are asked, only the last. */
  private async run(state: State, how: How = {}, extra: readonly Notice[] = []): Promise<void> {
    const { area, context, journey, results, settings, status } = this.parts!;
    const asked = { page: state.page, filters: fieldsOf(state, settings) };
    if (!this.tell("speir-before-search", asked, true)) return;
    this.prepare();
    const begun = performance.now();
    const former = this.current;
    this.current = state;
    if (how.history !== "none") journey.go(state, how.history ?? "push");
    journey.tell(state, context.texts);

    writeControls(this.parts!, state, former, how);

    this.asking?.abort();
    const asking = (this.asking = new AbortController());
    results.busy(true);
    this.toggleAttribute("data-asked", true);
    if (!this.answered && how.history === "none") this.showList(false);
    show(area, true);
    status.begin(context.texts.say("loading"), () => results.loading());
    clearTimeout(this.deadline);
    // An answer that comes after all still replaces the message.
    this.deadline = window.setTimeout(
      () => this.fail(new Error(`no answer within ${DEADLINE_MS} ms`)),
      DEADLINE_MS,
    );

    try {
      const answer = await this.ask(state, asking.signal);
      const ms = Math.round(performance.now() - begun);
      // Where nothing is found the way to everything says how much that is.
      if (!answer.total && this.total === null) {
        const all = await this.ask(START, asking.signal, 0).catch(() => answer);
        this.total = all.total || null;
      }
      await Promise.all([this.worded, this.extras]);
      if (asking.signal.aborted) return;
      clearTimeout(this.deadline);
      const better = betterState(state, answer);
      if (better) {
        const unknown = answer.notices.filter((notice) => notice.kind === "unknown-value");
        void this.run(better, { ...how, history: "replace", reset: true }, [...extra, ...unknown]);
        return;
      }
      this.told = { total: answer.total, ...asked, notices: answer.notices.map(({ kind }) => kind), ms };
      this.show(state, answer, extra, false, how);
    } catch (error) {
      if (asking.signal.aborted) return;
      clearTimeout(this.deadline);
      this.fail(error);
    }
  }

  private async ask(state: State, signal: AbortSignal, limit?: number): Promise<Answer> {
    const { settings, context } = this.parts!;
    const options = toOptions(state, settings, context.texts.lang, signal);
    if (limit !== undefined) options.limit = limit;
    const index = await this.index();
    if (!this.source) this.ready(index.engine!);
    this.isOpen = true;
    return index.search(state.text, options);
  }

  /** Says once what answers. An index that comes after it was given up is taken without a word. */
  private ready(engine: EngineName | "none", code?: string): void {
    const isFirst = !this.engine;
    this.engine = engine;
    if (isFirst) this.tell("speir-ready", { engine, code });
  }

  /** Shows an answer and says how much was found. */
  private show(
    state: State,
    answer: Answer,
    extra: readonly Notice[],
    isQuiet: boolean,
    how: How = {},
  ): void {
    const { area, context, journey, panel, results, settings, status } = this.parts!;
    const former = this.answered;
    const isReturn = !former && how.history === "none" && journey.isReturn;
    const hadFocus = results.element.contains(document.activeElement);
    this.answered = { state, answer, extra };
    this.hasGivenUp = false;
    if (!state.text && !activeFilters(state, settings).length) this.total = answer.total;

    results.busy(false);
    results.update(answer, state, extra, this.total);
    panel.update(answer, state, former?.state.text !== state.text);
    this.showList(false);
    this.placePanel();
    show(area, true);
    this.extra?.(answer, state, this.told);
    if (isQuiet) return;

    status.end(statusText(answer, state, settings, context.texts));
    this.tell("speir-results", this.told);
    const memory = journey.memory();
    if (how.focus === "heading") results.heading.focus();
    else if (how.focus !== undefined) results.focusActive(how.focus);
    else if (isReturn && memory.link) results.links.get(memory.link)?.focus();
    else if (hadFocus && document.activeElement === document.body) {
      results.heading.focus({ preventScroll: true });
    }
    if (how.history === "none") {
      if (memory.scroll !== undefined) window.scrollTo(0, memory.scroll);
    } else if (how.focus === undefined && !how.keepText && !context.instant && isOffScreen(results.heading)) {
      results.heading.scrollIntoView();
    }
  }

  /** Says that there is no answer, and gives back the author's list. */
  private fail(error: unknown): void {
    const { area, box, context, results, status } = this.parts!;
    const code = String((error as { code?: unknown } | null)?.code ?? "unknown");
    // For the web officer; the reader is told on the page.
    console.error("speir-search:", error);
    // Without an index the form's own way is better than a second try; with one, the next search
    // tries again.
    this.hasGivenUp = !this.isOpen;
    if (this.hasGivenUp) this.ready("none", code);
    results.busy(false);
    const hasList = this.showList(true);
    const action = box.form.getAttribute("action");
    const browse =
      action && new URL(action, document.baseURI).pathname !== location.pathname ? action : null;
    results.fail(hasList, browse, () => void this.run(this.current, { history: "none" }));
    this.placePanel();
    show(area, true);
    const { say } = context.texts;
    status.end([say("error"), hasList ? say("error.list") : ""].join(" ").trim());
    this.answered = null;
    this.tell("speir-error", { code });
  }

  /** Back to how the page was before the first question. */
  private rest(): void {
    const { area, box, context, journey, names, panel, settings, status } = this.parts!;
    this.asking?.abort();
    clearTimeout(this.deadline);
    status.stop();
    setText(status.element, "");
    this.current = START;
    this.answered = null;
    box.write(new URLSearchParams(), ownNames(names, settings));
    panel.write(START);
    journey.tell(START, context.texts);
    this.removeAttribute("data-asked");
    show(area, false);
    this.showList(true);
  }

  /** Shows or hides what the author has put after the form; true if there is anything. */
  private showList(visible: boolean): boolean {
    for (const element of this.parts!.authored) show(element, visible);
    return this.parts!.authored.length > 0;
  }

  /** Gives the panel its column, or none where there is nothing to choose. */
  private placePanel(): void {
    const { area, panel, side } = this.parts!;
    show(side, !panel.form.hidden);
    area.toggleAttribute("data-side", !panel.form.hidden);
  }

  /** Tells the page; false if it may object and does. */
  private tell(name: string, detail: object, cancelable = false): boolean {
    return this.dispatchEvent(new CustomEvent(name, { bubbles: true, cancelable, detail }));
  }
}

// Not in a static block of the class, which Safari 15 does not know.
mirrorAttributes(SpeirSearch.prototype);

function isOffScreen(element: Element): boolean {
  const { top, bottom } = element.getBoundingClientRect();
  return bottom <= 0 || top >= window.innerHeight;
}
