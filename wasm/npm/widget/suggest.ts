// Suggestions below a search box: a combobox with a list, of which nothing is chosen for the reader.
//
// The pattern "editable combobox with list autocomplete, manual selection" of the ARIA Authoring
// Practices Guide. Focus never leaves the input; what is typed stays as it is until the reader
// chooses. Fetched when the box is focused first, and only where the page asks for suggestions.
// Knows an input and a function that completes; knows neither the index nor the results.

import type { MoreOptions, Suggestion } from "../src/types.ts";
import { fetchTable, langOf } from "./languages.ts";
import { addSheet } from "./sheet.ts";
import { SuggestionList, SuggestionStatus } from "./suggest-list.ts";
import { SUGGEST_ENGLISH } from "./suggest-strings.ts";
import rules from "./suggest.css";
import { filler, type Strings, usable } from "./words.ts";

/** Most suggestions shown: what can be heard to its end, and seen without scrolling. */
export const MAX_SUGGESTIONS = 6;

/** How long nothing may be typed before completions are asked for. */
export const TYPING_MS = 150;

/** How long nothing may have changed before the number of suggestions is spoken. */
export const SETTLE_MS = 500;

/** What suggestions are put around. */
export interface SuggestOptions {
  readonly input: HTMLInputElement;
  readonly form: HTMLFormElement;
  /** While pointer and focus are within it the list stays open. */
  readonly root: HTMLElement;
  /** The list's id, which nothing else on the page has. */
  readonly id: string;
  /** Completes what is typed, or rejects. */
  complete(typed: string, options: MoreOptions): Promise<readonly Suggestion[]>;
  /** The texts of the language of now, where the page has them already. */
  table?(): Strings;
  /** Speaks, once things have settled, where the page has a region for it already. */
  say?(text: string): void;
  /** Ends it all, and gives the input back as it was. */
  readonly signal: AbortSignal;
}

/** Where the cursor goes on without the list: the option that is active is left. */
const EDITING = ["Home", "End", "ArrowLeft", "ArrowRight"];

/** Puts suggestions below an input. */
export function suggest(options: SuggestOptions): void {
  const { input, form, root, signal } = options;
  addSheet(rules);
  const list = new SuggestionList(input, options.id, choose);
  const status = options.say ? null : new SuggestionStatus();
  if (status) list.element.after(status.element);

  const wiring: { readonly [name: string]: string } = {
    role: "combobox",
    "aria-autocomplete": "list",
    "aria-expanded": "false",
    "aria-controls": options.id,
    // Said though it is what a combobox has by itself: some readers' software needs to be told.
    "aria-haspopup": "listbox",
    autocomplete: "off",
  };
  const former = Object.keys(wiring).map((name) => [name, input.getAttribute(name)] as const);
  for (const [name, value] of Object.entries(wiring)) input.setAttribute(name, value);

  let typing = 0;
  let settling = 0;
  let asking: AbortController | null = null;
  /** What the list holds completions of. */
  let completed: string | null = null;
  let announced = 0;
  let table: Strings | null = null;

  function stop(): void {
    clearTimeout(typing);
    clearTimeout(settling);
    asking?.abort();
  }

  function close(): void {
    stop();
    announced = 0;
    list.toggle(false);
  }

  function choose(text: string): void {
    input.value = text;
    // Who else follows the input is told; we have to ask nothing more.
    input.dispatchEvent(new Event("input", { bubbles: true }));
    close();
    form.requestSubmit();
  }

  async function ask(): Promise<void> {
    const typed = input.value;
    asking?.abort();
    if (!isEnough(typed)) {
      completed = null;
      list.fill([], "", kind);
      close();
      return;
    }
    const mine = (asking = new AbortController());
    try {
      table ??= options.table ? {} : ((await fetchTable(langOf(root))) ?? {});
      const found = await options.complete(typed, { limit: MAX_SUGGESTIONS, signal: mine.signal });
      // An old answer never comes last, and none opens a list that the reader has left.
      if (mine.signal.aborted || !root.contains(document.activeElement)) return;
      completed = typed;
      list.fill(found.slice(0, MAX_SUGGESTIONS), say("suggest.list"), kind);
      list.toggle(true);
      settle();
    } catch {
      // The box works without suggestions; what is wrong with the index is told by the search.
      if (!mine.signal.aborted) close();
    }
  }

  function settle(): void {
    clearTimeout(settling);
    settling = window.setTimeout(() => {
      // What the reader moves through is read out by itself; the same number is no news.
      if (!list.isOpen || list.active !== null || list.count === announced) return;
      announced = list.count;
      const text = say("suggest.count", list.count);
      if (options.say) options.say(text);
      else status?.say(text);
    }, SETTLE_MS);
  }

  function texts(): Strings {
    return { ...SUGGEST_ENGLISH, ...table, ...options.table?.() };
  }

  function say(key: string, n?: number): string {
    const { fill } = filler(usable(langOf(root)));
    return fill(texts()[key]!, n === undefined ? {} : { n });
  }

  function kind({ kind, field }: Suggestion): string {
    const key = kind === "value" ? `field.${field}` : `suggest.${kind}`;
    const name = field ?? kind;
    // A field of the site's own has no name but its own; kinds of later versions neither.
    return key in texts() ? say(key) : name.charAt(0).toUpperCase() + name.slice(1);
  }

  const on: typeof input.addEventListener = (name: string, listener: EventListener) =>
    input.addEventListener(name, listener, { signal });

  const typed = () => {
    stop();
    list.activate(-1);
    typing = window.setTimeout(() => void ask(), TYPING_MS);
  };
  // While an input method composes, what is in the box is not yet what the reader means.
  on("input", (event) => !(event as InputEvent).isComposing && typed());
  on("compositionend", typed);
  on("keydown", (event) => {
    if (isComposing(event)) return;
    if (press(event)) event.preventDefault();
  });

  /** What a key does; true where it does nothing else. */
  function press(event: KeyboardEvent): boolean {
    const { key, altKey } = event;
    if (event.ctrlKey || event.metaKey || (event.shiftKey && key !== "Tab")) return false;
    const isKnown = completed !== null && completed === input.value && list.count > 0;
    if (key === "ArrowDown" || key === "ArrowUp") {
      if (altKey) {
        if (key === "ArrowUp") close();
        else list.toggle(isKnown);
        return true;
      }
      if (!list.isOpen) {
        if (!isKnown) return false;
        list.toggle(true);
      }
      list.move(key === "ArrowDown" ? 1 : -1);
      return true;
    }
    if (key === "Escape") {
      if (list.isOpen) {
        close();
        return true;
      }
      if (!input.value) return false;
      input.value = "";
      input.dispatchEvent(new Event("input", { bubbles: true }));
      return true;
    }
    if (key === "Enter") {
      const { active } = list;
      if (active === null) close();
      else choose(active);
      // Without an option the form is submitted as always, with what was typed.
      return active !== null;
    }
    if (key === "Tab") close();
    else if (EDITING.includes(key)) list.activate(-1);
    return false;
  }

  const leave = ({ target }: Event) => {
    if (!root.contains(target as Node)) close();
  };
  // Not by blur: with VoiceOver on iOS the reader's own cursor leaves the input for the list.
  document.addEventListener("pointerdown", leave, { signal });
  document.addEventListener("focusin", leave, { signal });
  form.addEventListener("submit", close, { signal });
  // A button of the page may have emptied the box.
  form.addEventListener("click", () => completed !== input.value && list.isOpen && close(), {
    signal,
  });
  window.addEventListener("resize", () => list.place(), { signal });
  signal.addEventListener("abort", () => {
    stop();
    list.remove();
    status?.element.remove();
    input.removeAttribute("aria-activedescendant");
    for (const [name, value] of former) {
      if (value === null) input.removeAttribute(name);
      else input.setAttribute(name, value);
    }
  });
  // The reader may have typed while this file was on its way.
  if (document.activeElement === input && input.value !== input.defaultValue) typed();
}

/** One letter begins too much to be of use, except where a letter is a word. */
function isEnough(typed: string): boolean {
  const text = typed.trim();
  return [...text].length > 1 || /\p{Script=Han}|\p{Script=Kana}|\p{Script=Hira}/u.test(text);
}

/** True for keys that belong to an input method; Safari ends a composition before its last key. */
function isComposing(event: KeyboardEvent): boolean {
  return event.isComposing || event.keyCode === 229;
}
