// The values of one facet: a checkbox and a count each, with a button where there are many.
//
// A value keeps its node for as long as it is listed, and the order changes only with a new
// question, never by ticking: focus and place on the screen stay with the reader.
// A value that nothing has any more stays where it is, with a count of 0.

import type { FacetCount } from "./answer.ts";
import type { Context } from "./context.ts";
import { make, setText, show } from "./dom.ts";
import { MISSING } from "./url.ts";

/** How many values are shown before "Show all": a column of eight fits a screen beside the results. */
const FEW = 8;

/** From how many values on there is a field to find one in. */
const MANY = 20;

interface Option {
  readonly value: string | null;
  readonly row: HTMLElement;
  readonly input: HTMLInputElement;
  readonly name: HTMLElement;
  readonly count: HTMLElement;
}

/** The checkboxes of a facet. */
export class Checks {
  /** All nodes, in order. */
  readonly element: HTMLElement;
  private readonly list = make("div", { class: "speir-options" });
  private readonly find: HTMLInputElement;
  private readonly findLabel: HTMLLabelElement;
  private readonly findRow: HTMLElement;
  private readonly more: HTMLButtonElement;
  private options = new Map<string, Option>();
  private isExpanded = false;

  constructor(
    private readonly field: string,
    private readonly context: Context,
  ) {
    const findId = context.id(`find-${field}`);
    this.find = make("input", { type: "text", id: findId, autocomplete: "off" });
    this.findLabel = make("label", { for: findId });
    this.findRow = make("div", { class: "speir-find", hidden: true }, this.findLabel, this.find);
    this.list.id = context.id(`values-${field}`);
    this.more = make("button", {
      type: "button",
      class: "speir-more",
      "aria-controls": this.list.id,
      hidden: true,
    });
    this.element = make("div", {}, this.findRow, this.list, this.more);

    this.find.addEventListener("input", () => this.arrange());
    this.find.addEventListener("change", (event) => event.stopPropagation());
    // Enter would send the form; here it has nothing to send.
    this.find.addEventListener(
      "keydown",
      (event) => event.key === "Enter" && event.preventDefault(),
    );
    this.more.addEventListener("click", () => {
      this.isExpanded = !this.isExpanded;
      this.arrange();
    });
  }

  /** True if there is nothing to tick. */
  get isEmpty(): boolean {
    return this.options.size === 0;
  }

  /** The values ticked. */
  read(): (string | null)[] {
    return [...this.options.values()]
      .filter((option) => option.input.checked)
      .map((option) => option.value);
  }

  /** Ticks these values and no others. */
  write(values: readonly (string | null)[]): void {
    for (const value of values) this.option(value);
    for (const option of this.options.values()) {
      option.input.checked = values.includes(option.value);
    }
    this.arrange();
  }

  /** Sets the counts. With a new question (`isFresh`) the values come in the order of their counts. */
  update(counts: readonly FacetCount[], isFresh: boolean): void {
    const byKey = new Map(counts.map((entry) => [keyOf(entry.value), entry.count]));
    // Moving the node that has focus would take the focus away.
    if (isFresh && !this.list.contains(document.activeElement)) {
      const kept = [...this.options].filter(
        ([key, option]) => byKey.has(key) || option.input.checked,
      );
      const sorted = [...byKey].sort(
        ([a, m], [b, n]) => Number(a === MISSING) - Number(b === MISSING) || n - m,
      );
      const old = new Map(kept);
      this.options = new Map();
      for (const [key] of sorted) {
        this.options.set(key, old.get(key) ?? this.option(key === MISSING ? null : key));
      }
      for (const [key, option] of kept) this.options.set(key, option);
    } else {
      for (const key of byKey.keys()) this.option(key === MISSING ? null : key);
    }
    for (const [key, option] of this.options) {
      const count = byKey.get(key) ?? 0;
      setText(option.count, `(${this.context.texts.number(count)})`);
      option.input.disabled =
        count === 0 && !option.input.checked && option.input !== document.activeElement;
    }
    this.arrange();
  }

  /** Sets all texts in the language of now. */
  relabel(): void {
    const { texts } = this.context;
    setText(this.findLabel, texts.say("facets.find", { field: texts.field(this.field) }));
    for (const option of this.options.values()) {
      setText(option.name, texts.value(this.field, option.value));
    }
    this.arrange();
  }

  /** Puts the rows in their order and shows those that are to be seen. */
  private arrange(): void {
    const { texts } = this.context;
    const wanted = plain(this.find.value);
    let at = 0;
    for (const option of this.options.values()) {
      const place = this.list.children[at];
      if (place !== option.row) this.list.insertBefore(option.row, place ?? null);
      const isKept = option.input.checked || option.input === document.activeElement;
      const isFound = wanted
        ? plain(option.name.textContent ?? "").includes(wanted)
        : this.isExpanded || at < FEW;
      show(option.row, isKept || isFound);
      at += 1;
    }
    while (this.list.children.length > at) this.list.lastElementChild!.remove();

    const n = this.options.size;
    show(this.findRow, n > MANY);
    show(this.more, n > FEW && !wanted);
    this.more.setAttribute("aria-expanded", String(this.isExpanded));
    const field = texts.field(this.field);
    setText(this.more, texts.say(this.isExpanded ? "facets.fewer" : "facets.all", { n }));
    this.more.setAttribute(
      "aria-label",
      texts.say(this.isExpanded ? "facets.fewerOf" : "facets.allOf", { n, field }),
    );
  }

  /** The option of a value, made if it is not there. */
  private option(value: string | null): Option {
    const key = value ?? MISSING;
    let option = this.options.get(key);
    if (!option) {
      const input = make("input", {
        type: "checkbox",
        name: this.context.prefix + this.field,
        value: key,
      });
      const name = make("bdi", {}, this.context.texts.value(this.field, value));
      const count = make("bdi", { class: "speir-count" });
      const row = make(
        "label",
        { class: "speir-option" },
        input,
        make("span", {}, name, " ", count),
      );
      option = { value, row, input, name, count };
      this.options.set(key, option);
    }
    return option;
  }
}

function keyOf(value: FacetCount["value"]): string {
  return value === null ? MISSING : String(value);
}

/** Text without case and accents, to find in. */
function plain(text: string): string {
  return text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase().trim();
}
