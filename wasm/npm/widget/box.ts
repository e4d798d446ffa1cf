// The form with the search box: the author's own, or one that we make where there is none.
//
// The author's form and fields are never replaced or moved, and what is in them is only
// changed where the question itself has changed. Any control of the form that carries the
// name of one of our parameters (a select of types, say) counts as part of the question.

import type { Context } from "./context.ts";
import { make, setText, show } from "./dom.ts";

/** The form and its box. */
export class Box {
  /** The form, the author's or ours. */
  readonly form: HTMLFormElement;
  /** The input for the words. */
  readonly input: HTMLInputElement;
  /** The child of the element that holds the form: what follows it is the author's list. */
  readonly top: Element;
  private readonly clear = make("button", { type: "button", class: "speir-clear" });
  private readonly label: HTMLElement | null = null;
  private readonly submit: HTMLElement | null = null;
  private known: URLSearchParams;

  constructor(
    host: HTMLElement,
    private readonly context: Context,
  ) {
    const authored = host.querySelector("form");
    this.form = authored ?? make("form", { class: "speir-form", role: "search" });
    if (!authored) host.prepend(this.form);

    this.input =
      this.form.querySelector<HTMLInputElement>(
        "input[type=search], input[name=q]:not([type=hidden])",
      ) ??
      this.form.querySelector<HTMLInputElement>("input:not([type]), input[type=text]") ??
      this.form.appendChild(make("input", { type: "search" }));
    this.input.name ||= `${context.prefix}q`;
    this.input.id ||= context.id("box");
    if (!this.input.hasAttribute("enterkeyhint")) this.input.enterKeyHint = "search";
    const named =
      this.input.labels?.length || this.input.matches("[aria-label], [aria-labelledby]");
    if (!named) this.input.before((this.label = make("label", { for: this.input.id })));

    // The button stays next in Tab order after the input. Ours to clear it comes last, out of the
    // row that the author has laid out and styled.
    const button = this.form.querySelector("button:not([type]), [type=submit], [type=image]");
    if (!button) {
      this.input.after((this.submit = make("button", { type: "submit", class: "speir-button" })));
    }
    this.form.append(this.clear);

    let top: Element = this.form;
    while (top.parentElement && top.parentElement !== host) top = top.parentElement;
    this.top = top;
    this.known = this.params();
    this.refresh();
    this.relabel();
  }

  /** Follows what the reader types, until the signal ends it. */
  listen(signal: AbortSignal): void {
    this.input.addEventListener("input", () => this.refresh(), { signal });
    this.clear.addEventListener(
      "click",
      () => {
        this.input.value = "";
        this.refresh();
        this.input.focus();
      },
      { signal },
    );
  }

  /** True if the reader has typed before we came, so that the address must not overwrite it. */
  get isTyped(): boolean {
    return this.input.value !== "" && this.input.value !== this.input.defaultValue;
  }

  /** What the form would send, text fields and choices alike. */
  params(): URLSearchParams {
    const params = new URLSearchParams();
    new FormData(this.form).forEach((value, name) => {
      if (typeof value === "string") params.append(name, value);
    });
    return params;
  }

  /** True if the form has a control of this name that was changed since `write`. */
  isChanged(name: string): boolean {
    return this.params().getAll(name).join("\n") !== this.known.getAll(name).join("\n");
  }

  /** Sets the controls of these names to what the parameters say, and no others. */
  write(params: URLSearchParams, names: readonly string[]): void {
    for (const control of this.form.elements) {
      const name = control.getAttribute("name");
      if (!name || !names.includes(name)) continue;
      const values = params.getAll(name);
      if (control instanceof HTMLSelectElement) {
        const chosen = [...control.options].filter((option) => values.includes(option.value));
        if (control.multiple) {
          for (const option of control.options) option.selected = chosen.includes(option);
        } else {
          control.value = chosen[0]?.value ?? "";
        }
      } else if (control instanceof HTMLInputElement) {
        if (control.type === "checkbox" || control.type === "radio") {
          control.checked = values.includes(control.value);
        } else if (control.type !== "hidden") {
          control.value = values[0] ?? "";
        }
      }
    }
    this.known = this.params();
    this.refresh();
  }

  /** Sets all texts that are ours. */
  relabel(): void {
    const { texts } = this.context;
    if (this.label) setText(this.label, texts.say("box.label"));
    if (this.submit) setText(this.submit, texts.say("box.submit"));
    setText(this.clear, texts.say("box.clear"));
  }

  private refresh(): void {
    show(this.clear, this.input.value !== "");
  }
}
