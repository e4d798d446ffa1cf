// The column of results: heading, filters in force, order, the list or why there is none, pages.
//
// The heading and the select of the order are made once and keep focus; the rest is made
// anew with each answer. Old results stay until the new ones are there.

import type { Answer, Notice } from "./answer.ts";
import { makeActive } from "./active.ts";
import { makeCard, type CardOptions } from "./card.ts";
import { stateLink, type Context } from "./context.ts";
import { make, setText, show } from "./dom.ts";
import { makeNotices } from "./notices.ts";
import { makePager, pageCount } from "./pager.ts";
import { countText, partialFrom } from "./sentences.ts";
import { activeFilters, SORTS, START, type State, withoutFilters } from "./state.ts";
import type { Key } from "./strings.ts";

/** The results column. */
export class Results {
  /** The column. */
  readonly element: HTMLElement;
  /** "14 resources for ‘housing’": where focus goes after a page was turned. */
  readonly heading: HTMLElement;
  /** The title links of the hits shown, by record id. */
  readonly links = new Map<string, HTMLAnchorElement>();
  /** "Loading results", in the space above both columns so that nothing moves for it. */
  readonly wait = make("p", { class: "speir-wait", hidden: true });
  private readonly message = make("div", { class: "speir-message", tabindex: -1, hidden: true });
  private readonly found = make("div", { class: "speir-found" });
  private readonly inForce = make("div", { class: "speir-in-force" });
  private readonly notices = make("div");
  private readonly order: HTMLElement;
  private readonly select: HTMLSelectElement;
  private readonly label: HTMLLabelElement;
  private active: HTMLAnchorElement[] = [];

  constructor(
    private readonly context: Context,
    private readonly cards: CardOptions,
    private readonly help: Element | null,
  ) {
    const level = Math.max(2, cards.level - 1);
    this.heading = make(`h${level}` as "h2", {
      class: "speir-heading",
      id: context.id("results"),
      tabindex: -1,
      hidden: true,
    });
    this.select = make("select", { id: context.id("sort") });
    for (const sort of SORTS) this.select.append(make("option", { value: sort }));
    this.label = make("label", { for: this.select.id });
    this.order = make("div", { class: "speir-order", hidden: true }, this.label, this.select);
    const tools = make("div", { class: "speir-tools" }, this.inForce, this.order);
    // Shown with the first answer: an empty column that takes its place would count as a shift.
    this.element = make(
      "div",
      { class: "speir-main", hidden: true },
      this.message,
      this.heading,
      tools,
      this.notices,
      this.found,
    );
    this.select.addEventListener("change", () => context.apply());
    this.relabel();
  }

  /** The order chosen. */
  get sort(): string {
    return this.select.value;
  }

  /** Chooses an order. */
  set sort(sort: string) {
    this.select.value = sort;
  }

  /** Notes that results are on their way, or no longer; what is shown stays. */
  busy(isBusy: boolean): void {
    this.found.setAttribute("aria-busy", String(isBusy));
    if (!isBusy) show(this.wait, false);
  }

  /** Shows that the search takes long. */
  loading(): void {
    setText(this.wait, this.context.texts.say("loading"));
    show(this.wait, true);
  }

  /** Shows an answer. `n` is how many records there are in all, if that is known. */
  update(answer: Answer, state: State, extra: readonly Notice[], n: number | null): void {
    const { context } = this;
    show(this.element, true);
    show(this.message, false);
    setText(this.heading, countText(answer, state, context.texts));
    show(this.heading, true);

    const { element, links } = makeActive(state, context);
    this.active = links;
    this.inForce.replaceChildren(...(element ? [element] : []));
    const lines = makeNotices([...extra, ...answer.notices], state, context);
    this.notices.replaceChildren(...lines);
    show(this.order, answer.total > 1);

    this.links.clear();
    const pages = pageCount(answer.total, context.settings.pageSize);
    const pager = makePager(state, pages, context);
    this.found.replaceChildren(
      ...(answer.total ? this.lists(answer, state) : this.nothing(state, n)),
      ...(pager ? [pager] : []),
    );
    if (this.help instanceof HTMLElement) show(this.help, !answer.total);
  }

  /** Shows that the search failed, with what a reader can do. */
  fail(hasList: boolean, browse: string | null, retry: () => void): void {
    const { texts } = this.context;
    const again = make(
      "button",
      { type: "button", class: "speir-again" },
      texts.say("error.again"),
    );
    again.addEventListener("click", retry);
    const actions = make("p", {}, again);
    if (browse) actions.append(" ", make("a", { href: browse }, texts.say("error.browse")));
    const isInside = this.element.contains(document.activeElement);
    for (const part of [this.heading, this.order]) show(part, false);
    for (const part of [this.inForce, this.notices, this.found]) part.replaceChildren();
    this.links.clear();
    const text = [texts.say("error"), hasList ? texts.say("error.list") : ""].join(" ").trim();
    this.message.replaceChildren(make("p", {}, text), actions);
    show(this.message, true);
    show(this.element, true);
    if (isInside) this.message.focus();
  }

  /** Focus to the n-th filter in force, or to the heading where there is none. */
  focusActive(at: number): void {
    (this.active[at] ?? this.heading).focus();
  }

  /** Sets the texts that stay; the rest comes with the next `update`. */
  relabel(): void {
    const { texts } = this.context;
    setText(this.label, texts.say("sort.label"));
    for (const option of this.select.options) {
      setText(option, texts.say(`sort.${option.value}` as Key));
    }
  }

  /** The hits as one list, or as two where some hold only some of the words. */
  private lists(answer: Answer, state: State): Node[] {
    const { context } = this;
    const offset = (state.page - 1) * context.settings.pageSize;
    const cards = answer.hits.map((hit) => {
      const { element, link } = makeCard(hit, this.cards, context);
      if (link) this.links.set(hit.id, link);
      return element;
    });
    const partial = partialFrom(answer);
    const cut = Math.min(Math.max(partial - offset, 0), cards.length);
    const list = (items: HTMLElement[], start: number) =>
      items.length
        ? [make("ol", { class: "speir-list", start: start > 1 && start }, ...items)]
        : [];
    const nodes: Node[] = list(cards.slice(0, cut), offset + 1);
    if (cut < cards.length) {
      const key = partial === 0 ? "notice.partialAll" : "notice.partial";
      nodes.push(make("p", { class: "speir-notice" }, context.texts.say(key)));
      nodes.push(...list(cards.slice(cut), offset + cut + 1));
    }
    return nodes;
  }

  /** What can be done where nothing was found. */
  private nothing(state: State, n: number | null): Node[] {
    const { context } = this;
    const { texts } = context;
    const nodes: Node[] = [];
    const item = (next: State, text: string) =>
      make("li", {}, stateLink(context, next, { focus: "heading", reset: true }, {}, text));
    const ways: Node[] = [];
    if (activeFilters(state, context.settings).length) {
      nodes.push(make("p", {}, texts.say("none.filters")));
      if (state.text) ways.push(item(withoutFilters(state), texts.say("none.clear")));
    }
    if (state.text) nodes.push(make("p", {}, texts.say("none.words")));
    const browse = n === null ? texts.say("none.browse") : texts.say("none.browseCount", { n });
    ways.push(item({ ...START, asked: true }, browse));
    return [make("div", { class: "speir-nothing" }, ...nodes, make("ul", {}, ...ways))];
  }
}
