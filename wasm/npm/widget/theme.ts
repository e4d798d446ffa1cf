// Puts the classes of a design system on what the element makes: `theme="govuk"`, `theme="nhs"`, or the
// page's own, from `<script type="application/json" data-speir="classes">`.
//
// A file of its own, fetched with the engine and only where the attribute is there. It only adds
// classes: no text, no node and no attribute of another kind. The parts do not know of it; it watches
// what they make, and is done before the browser paints. Never touches what the author wrote.

import { addSheet } from "./sheet.ts";
import sheet from "./theme.css";

/** Classes by the selector of what has them; names are separated by spaces. */
export interface Classes {
  readonly [selector: string]: string;
}

/**
 * What GOV.UK Frontend and the NHS frontend name alike, but for the beginning, which `*` stands for.
 * A checkbox lies inside its label and before the text of it, so the row is the item and the text has
 * the class of the label: their rules go by that order.
 */
const COMMON: Classes = {
  ".speir-button": "*-button *-u-0",
  ".speir-disclose": "*-button *-button--secondary *-u-2",
  ".speir-again": "*-button *-button--secondary *-u-3",
  ".speir-panel-title": "*-heading-s *-u-3",
  ".speir-heading": "*-heading-m *-u-3",
  ".speir-title": "*-heading-s *-u-1",
  ".speir-filters fieldset": "*-fieldset",
  ".speir-filters legend": "*-fieldset__legend *-fieldset__legend--s *-u-1",
  ".speir-options": "*-checkboxes *-checkboxes--small",
  ".speir-option": "*-checkboxes__item",
  ".speir-option input": "*-checkboxes__input",
  ".speir-option > span": "*-label *-checkboxes__label",
  ".speir-range label, .speir-order label, .speir-find label": "*-label",
  ".speir-range select, .speir-order select": "*-select",
  ".speir-range select[aria-invalid]": "*-select--error",
  ".speir-find input": "*-input",
  ".speir-summary": "*-error-summary *-u-4",
  ".speir-summary h3": "*-error-summary__title",
  ".speir-summary ul": "*-list *-error-summary__list",
  ".speir-problem": "*-error-message",
  ".speir-message": "*-inset-text",
  ".speir-message p, .speir-nothing p, .speir-notice": "*-body",
  ".speir-nothing ul": "*-list *-list--bullet",
  ".speir-excerpt": "*-body *-u-0",
  ".speir-meta, .speir-wait": "*-body-s *-u-1",
  ".speir-standing": "*-body *-u-1",
  ".speir-field-type dd": "*-tag",
  ".speir-sections, .speir-downloads": "*-list *-u-0",
  ".speir-active": "*-list *-u-0",
  ".speir-pager ul, .speir-list": "*-list *-u-0",
};

/** What only one of them has, and what its steps of space are called. */
const THEMES: { readonly [name: string]: { prefix: string; space: string; more: Classes } } = {
  govuk: {
    prefix: "govuk",
    space: "govuk-!-margin-bottom-",
    more: {
      ".speir-area a:not(.speir-skip)": "govuk-link",
      ".speir-link, .speir-pager a": "govuk-link--no-visited-state",
    },
  },
  nhs: { prefix: "nhsuk", space: "nhsuk-u-margin-bottom-", more: {} },
};

/** The classes of a theme and of the page itself, which come on top; names a theme that is unknown. */
export function classesOf(name: string, own: Classes): Classes {
  const theme = THEMES[name];
  if (!theme) {
    if (name && name !== "own") {
      console.error(`speir-search: theme="${name}" is not known: govuk, nhs or own`);
    }
    return own;
  }
  const classes: { [selector: string]: string } = {};
  for (const [selector, names] of Object.entries(COMMON)) {
    classes[selector] = names.replaceAll("*-u-", theme.space).replaceAll("*", theme.prefix);
  }
  for (const [selector, names] of [...Object.entries(theme.more), ...Object.entries(own)]) {
    classes[selector] = [classes[selector], names].filter(Boolean).join(" ");
  }
  return classes;
}

/** Keeps the classes on all that the element makes, until the signal ends it. */
export function dress(host: HTMLElement, signal: AbortSignal): void {
  addSheet(sheet);
  const classes = classesOf(host.getAttribute("theme") ?? "", ownClasses(host));
  const rules = Object.entries(classes).flatMap(([selector, names]) => {
    try {
      host.matches(selector);
      return [{ selector, names: names.split(/\s+/).filter(Boolean) }];
    } catch {
      console.error(`speir-search: "${selector}" in data-speir=classes is not a selector`);
      return [];
    }
  });
  /** What goes again when an attribute does: a select whose range was wrong and is right now. */
  const passing = rules.filter(({ selector }) => selector.includes("[aria-"));
  const put = () => {
    for (const { selector, names } of passing) {
      for (const node of host.querySelectorAll(`.${CSS.escape(names[0] ?? "")}`)) {
        if (!node.matches(selector)) node.classList.remove(...names);
      }
    }
    for (const { selector, names } of rules) {
      for (const node of host.querySelectorAll(selector)) {
        if (isOurs(node)) node.classList.add(...names);
      }
    }
  };
  const observer = new MutationObserver(put);
  observer.observe(host, {
    childList: true,
    subtree: true,
    attributeFilter: ["aria-invalid", "aria-expanded", "aria-current", "aria-selected"],
  });
  signal.addEventListener("abort", () => observer.disconnect());
  put();
}

/** True for what stands in our part of the page, or was put by us into the author's. */
function isOurs(node: Element): boolean {
  return /(?:^| )speir-/.test(node.className) || node.closest(".speir-area, .speir-form, .speir-suggestions") !== null;
}

/** The classes that the page itself asks for. */
function ownClasses(host: HTMLElement): Classes {
  const text = host.querySelector("script[data-speir=classes]")?.textContent;
  try {
    const own: unknown = text ? JSON.parse(text) : {};
    const entries = own && typeof own === "object" ? Object.entries(own) : [];
    return Object.fromEntries(entries.filter((entry): entry is [string, string] => typeof entry[1] === "string"));
  } catch (error) {
    // A slip in the author's table must not take the search away.
    console.error("speir-search: data-speir=classes is not JSON:", error);
    return {};
  }
}
