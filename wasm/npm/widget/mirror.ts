// Attributes that are properties, too: `page-size` is `pageSize`.
//
// The attribute is the truth; the property reads and writes it. Knows names and nothing of what
// they mean.

const ATTRIBUTES =
  "src facets range meta page-size heading-level filters sync-url param-prefix suggestions live highlight analytics theme";

/** The properties by the names of their attributes. */
const PROPERTIES = ATTRIBUTES.split(" ").map(
  (name) => [name, name.replace(/-(.)/, (_, letter: string) => letter.toUpperCase())] as const,
);

/** The properties. `true` sets an empty attribute; `false` and `null` take it away, and `null` is none. */
export interface Mirrored {
  src: string | null;
  facets: string | null;
  range: string | null;
  meta: string | null;
  pageSize: string | number | null;
  headingLevel: string | number | null;
  filters: string | null;
  syncUrl: string | null;
  paramPrefix: string | null;
  suggestions: string | boolean | null;
  live: string | boolean | null;
  highlight: string | boolean | null;
  analytics: string | null;
  theme: string | null;
}

/** Gives a kind of element the properties. */
export function mirrorAttributes(prototype: HTMLElement): void {
  for (const [name, property] of PROPERTIES) {
    Object.defineProperty(prototype, property, {
      get(this: HTMLElement) {
        return this.getAttribute(name);
      },
      // The browser itself writes a number as text.
      set(this: HTMLElement, value: string | boolean | null) {
        if (value === false || value === null) this.removeAttribute(name);
        else this.setAttribute(name, value === true ? "" : value);
      },
    });
  }
}

/** Takes over what a page has set before the element was defined, and which would stand before ours. */
export function adoptProperties(element: HTMLElement): void {
  const own = element as unknown as { [property: string]: unknown };
  for (const property of [...PROPERTIES.map(([, property]) => property), "state"]) {
    if (!Object.hasOwn(own, property)) continue;
    const value = own[property];
    delete own[property];
    own[property] = value;
  }
}
