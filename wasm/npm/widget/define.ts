// Registers the element: the one file of the widget that does something when it is loaded.

import { SpeirSearch } from "./element.ts";

// Where a site is built there is no registry, and nothing to do. A page may load the widget
// twice, from two templates; the second time changes nothing.
if (globalThis.customElements && !customElements.get("speir-search")) {
  customElements.define("speir-search", SpeirSearch);
}
