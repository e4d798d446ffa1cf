// The panel of filters: a fieldset for each facet, and the button that applies them.
//
// Made once; only counts and new values come and go. On narrow pages a button opens and
// closes it in the flow of the page; on wide ones it is a column (widget.css decides).
// The author's `filters="instant"` leaves the button out and applies each change at once.

import type { Answer } from "./answer.ts";
import { Checks } from "./checks.ts";
import type { Context } from "./context.ts";
import { make, setText, show } from "./dom.ts";
import { activeFilters, type State, withFilter } from "./state.ts";
import { Years } from "./years.ts";

interface Facet {
  readonly field: string;
  readonly fieldset: HTMLFieldSetElement;
  readonly legend: HTMLElement;
  readonly part: Checks | Years;
}

/** All facets of a search. */
export class FacetPanel {
  /** Opens and closes the panel on narrow pages. */
  readonly button: HTMLButtonElement;
  /** The panel. */
  readonly form: HTMLFormElement;
  private readonly title: HTMLElement;
  private readonly summary: HTMLElement;
  private readonly apply: HTMLButtonElement | null = null;
  private readonly facets: Facet[];
  private n = 0;

  constructor(private readonly context: Context) {
    this.title = make("h2", { class: "speir-panel-title", id: context.id("filters-title") });
    this.summary = make("div", {
      class: "speir-summary",
      role: "alert",
      tabindex: -1,
      hidden: true,
    });
    this.facets = context.settings.facets.map((field) => {
      const legend = make("legend");
      const part =
        field === context.settings.range ? new Years(field, context) : new Checks(field, context);
      return {
        field,
        legend,
        part,
        fieldset: make("fieldset", { hidden: true }, legend, part.element),
      };
    });
    this.form = make(
      "form",
      {
        class: "speir-filters",
        id: context.id("filters"),
        "aria-labelledby": this.title.id,
        hidden: true,
      },
      this.title,
      this.summary,
      ...this.facets.map((facet) => facet.fieldset),
    );
    this.button = make("button", {
      type: "button",
      class: "speir-disclose",
      "aria-expanded": "false",
      "aria-controls": this.form.id,
      hidden: true,
    });

    if (!context.instant) {
      this.form.append((this.apply = make("button", { type: "submit", class: "speir-button" })));
    }
    this.button.addEventListener("click", () => {
      const isOpen = this.form.toggleAttribute("data-open");
      this.button.setAttribute("aria-expanded", String(isOpen));
    });
    this.form.addEventListener("submit", (event) => {
      event.preventDefault();
      context.apply();
    });
    this.form.addEventListener("change", () => context.instant && context.apply());
    this.relabel();
  }

  /** The state with what is chosen here in place of its own filters. */
  read(state: State): State {
    for (const { field, part } of this.facets) {
      if (part instanceof Checks) state = withFilter(state, field, part.read());
      else {
        const { from, to, values } = part.read();
        state = withFilter({ ...state, from, to }, field, values);
      }
    }
    return state;
  }

  /** Sets the controls to a state. */
  write(state: State): void {
    for (const { field, part } of this.facets) {
      const values = state.filters[field] ?? [];
      if (part instanceof Checks) part.write(values);
      else part.write(state.from, state.to, values);
    }
    this.count(state);
  }

  /** Takes the counts of an answer. With a new question (`isFresh`) values may change places. */
  update(answer: Answer, state: State, isFresh: boolean): void {
    for (const { field, part, fieldset } of this.facets) {
      part.update(answer.facets[field] ?? [], isFresh);
      show(fieldset, !part.isEmpty);
    }
    const isUsable = this.facets.some((facet) => !facet.part.isEmpty);
    show(this.form, isUsable);
    show(this.button, isUsable);
    this.count(state);
  }

  /** Says what is wrong with the filters chosen; true if nothing is. */
  check(): boolean {
    const wrong = this.facets.flatMap(({ part }) => {
      const problem = part instanceof Years ? part.check() : null;
      return part instanceof Years && problem ? [{ problem, at: part.from }] : [];
    });
    const items = wrong.map(({ problem, at }) => {
      const link = make("a", { href: `#${at.id}` }, problem);
      link.addEventListener("click", (event) => {
        event.preventDefault();
        at.focus();
      });
      return make("li", {}, link);
    });
    // Where changes apply at once the message beside the selects is enough: nobody has sent anything.
    show(this.summary, wrong.length > 0 && !this.context.instant);
    const title = make("h3", {}, this.context.texts.say("range.problem"));
    this.summary.replaceChildren(...(wrong.length ? [title, make("ul", {}, ...items)] : []));
    if (!this.summary.hidden) this.summary.focus();
    return wrong.length === 0;
  }

  /** Sets all texts in the language of now. */
  relabel(): void {
    const { texts } = this.context;
    setText(this.title, texts.say("facets.title"));
    if (this.apply) setText(this.apply, texts.say("facets.apply"));
    for (const { legend, field, part } of this.facets) {
      setText(legend, texts.field(field));
      part.relabel();
    }
    this.label();
  }

  private count(state: State): void {
    this.n = activeFilters(state, this.context.settings).length;
    this.label();
  }

  private label(): void {
    const { texts } = this.context;
    setText(
      this.button,
      this.n ? texts.say("facets.buttonCount", { n: this.n }) : texts.say("facets.button"),
    );
  }
}
