// Gives focus to the heading that an address leads to.
//
// The browser shows the target of a fragment, but reads on from there only at the next Tab: readers of a
// screen reader hear the top of the page. Headings alone, and only where nothing else has focus.

const HEADING = "h1, h2, h3, h4, h5, h6, [role=heading]";

/** Puts focus on the heading that a fragment such as `#part-2` names, or that its section begins with. */
export function focusTarget(hash: string): void {
  const heading = headingOf(hash);
  if (!heading || (document.activeElement && document.activeElement !== document.body)) return;
  if (heading.tabIndex < 0 && !heading.hasAttribute("tabindex")) {
    heading.setAttribute("tabindex", "-1");
    // A click on the heading later on is no wish for a frame around it.
    heading.addEventListener("blur", () => heading.removeAttribute("tabindex"), { once: true });
  }
  // Where it stands in the window is the browser's and the page's business.
  heading.focus({ preventScroll: true });
}

function headingOf(hash: string): HTMLElement | null {
  let id: string;
  try {
    id = decodeURIComponent(hash.slice(1));
  } catch {
    return null;
  }
  const target = id ? document.getElementById(id) : null;
  const around = target?.closest<HTMLElement>(HEADING);
  if (around) return around;
  return target?.matches("section, article, div") ? target.querySelector<HTMLElement>(HEADING) : null;
}
