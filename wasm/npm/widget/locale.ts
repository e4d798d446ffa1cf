// What `speir/locales/cy` and its like give: the element's texts in one language, for `addStrings`.
//
// A type alone: the texts are the JSON files of `locales/`, and a page that has the element's own files
// fetches them by itself.

import type { Strings } from "./strings.ts";

declare const table: Strings;
export default table;
