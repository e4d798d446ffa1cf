// A facet that is asked for from one value to another: two selects, and "Not stated".
//
// Selects and not a slider: they work with every input device and show every value there is.
// A range the wrong way round is said beside the selects and is not applied.

import type { FacetCount } from "./answer.ts";
import { Checks } from "./checks.ts";
import type { Context } from "./context.ts";
import { make, setText, show } from "./dom.ts";
import { isInOrder } from "./url.ts";

/** The two selects and the checkbox of a range. */
export class Years {
  /** All nodes, in order. */
  readonly element: HTMLElement;
  /** The first select: where a message about the range leads to. */
  readonly from: HTMLSelectElement;
  private readonly to: HTMLSelectElement;
  private readonly missing: Checks;
  private readonly problem: HTMLElement;
  private readonly labels: HTMLLabelElement[];

  constructor(
    private readonly field: string,
    private readonly context: Context,
  ) {
    const select = (name: string) => {
      const id = context.id(name);
      return make("select", { id, name: context.prefix + name }, make("option", { value: "" }));
    };
    this.from = select("from");
    this.to = select("to");
    this.labels = [this.from, this.to].map((control) => make("label", { for: control.id }));
    this.problem = make("p", {
      class: "speir-problem",
      id: context.id("range-problem"),
      hidden: true,
    });
    this.missing = new Checks(field, context);
    const ends = [this.from, this.to].map((control, at) =>
      make("div", {}, this.labels[at]!, control),
    );
    this.element = make(
      "div",
      {},
      this.problem,
      make("div", { class: "speir-range" }, ...ends),
      this.missing.element,
    );
  }

  /** True if there is nothing to choose. */
  get isEmpty(): boolean {
    return this.from.options.length < 2 && this.missing.isEmpty;
  }

  /** The ends chosen, each empty for "Any", and whether records without a value are asked for. */
  read(): { from: string; to: string; values: (string | null)[] } {
    return { from: this.from.value, to: this.to.value, values: this.missing.read() };
  }

  /** Chooses these ends. */
  write(from: string, to: string, values: readonly (string | null)[]): void {
    for (const [control, year] of [
      [this.from, from],
      [this.to, to],
    ] as const) {
      if (year) this.offer(year);
      control.value = year;
    }
    this.missing.write(values);
    this.check();
  }

  /** Offers the years that have been counted. One that was offered stays on offer. */
  update(counts: readonly FacetCount[], isFresh: boolean): void {
    for (const { value } of counts) if (value !== null) this.offer(String(value));
    this.missing.update(
      counts.filter(({ value }) => value === null),
      isFresh,
    );
  }

  /** What is wrong with the range, said in place; `null` if nothing is. */
  check(): string | null {
    const { texts } = this.context;
    const isWrong = !isInOrder(this.from.value, this.to.value);
    const text = texts.say("range.wrong", { field: texts.field(this.field) });
    setText(this.problem, isWrong ? text : "");
    show(this.problem, isWrong);
    for (const control of [this.from, this.to]) {
      if (isWrong) {
        control.setAttribute("aria-invalid", "true");
        control.setAttribute("aria-describedby", this.problem.id);
      } else {
        control.removeAttribute("aria-invalid");
        control.removeAttribute("aria-describedby");
      }
    }
    return isWrong ? text : null;
  }

  /** Sets all texts in the language of now. */
  relabel(): void {
    const { texts } = this.context;
    setText(this.labels[0]!, texts.say("range.from"));
    setText(this.labels[1]!, texts.say("range.to"));
    for (const control of [this.from, this.to]) {
      setText(control.options[0]!, texts.say("range.any"));
    }
    this.missing.relabel();
    if (!this.problem.hidden) this.check();
  }

  /** Adds a year to both selects, in its place. */
  private offer(year: string): void {
    for (const control of [this.from, this.to]) {
      const others = [...control.options].slice(1);
      if (others.some((option) => option.value === year)) continue;
      const after = others.find((option) => Number(option.value) > Number(year));
      control.add(make("option", { value: year }, year), after ?? null);
    }
  }
}
