// Gives the page a style sheet that came with a script, once.
//
// A constructed sheet: a strict content security policy allows it, where it refuses <style> and the
// attribute `style`. The rules are in a layer, so where they stand among the page's own does not matter.

const given = new Set<string>();

/** Adds rules to the page, if they are not there. */
export function addSheet(rules: string): void {
  if (given.has(rules)) return;
  given.add(rules);
  makeSheet().replaceSync(rules);
}

/** A sheet of the page that is empty yet. */
export function makeSheet(): CSSStyleSheet {
  const sheet = new CSSStyleSheet();
  document.adoptedStyleSheets = [...document.adoptedStyleSheets, sheet];
  return sheet;
}

/** Takes a sheet away again. */
export function dropSheet(sheet: CSSStyleSheet): void {
  document.adoptedStyleSheets = document.adoptedStyleSheets.filter((other) => other !== sheet);
}
