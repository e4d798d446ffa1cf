// The filters in force, each as a link that takes it away.

import { stateLink, type Context } from "./context.ts";
import { hiddenText, make } from "./dom.ts";
import { activeFilters, type ActiveFilter, type State, withoutFilters } from "./state.ts";

/** Makes the list of filters in force and the links in it, or nothing where there are none. */
export function makeActive(
  state: State,
  context: Context,
): { element: HTMLElement | null; links: HTMLAnchorElement[] } {
  const { texts } = context;
  const links = activeFilters(state, context.settings).map((filter, at) =>
    stateLink(
      context,
      filter.without,
      { focus: at },
      { class: "speir-remove" },
      hiddenText(`${texts.say("active.remove")} `),
      texts.say("active.filter", {
        field: texts.field(filter.field),
        value: valueText(filter, state, context),
      }),
      make("span", { "aria-hidden": "true" }, " ×"),
    ),
  );
  if (!links.length) return { element: null, links };
  const items = links.map((link) => make("li", {}, link));
  const clear = stateLink(
    context,
    withoutFilters(state),
    { focus: "heading" },
    { class: "speir-remove-all" },
    texts.say("active.clear"),
  );
  items.push(make("li", {}, clear));
  return {
    element: make(
      "ul",
      { class: "speir-active", "aria-label": texts.say("active.title") },
      ...items,
    ),
    links,
  };
}

function valueText(filter: ActiveFilter, state: State, { texts }: Context): string {
  if (filter.value !== undefined) return texts.value(filter.field, filter.value);
  const { from, to } = state;
  if (from === to) return from;
  return texts.say(from && to ? "range.between" : from ? "range.since" : "range.until", {
    from,
    to,
  });
}
