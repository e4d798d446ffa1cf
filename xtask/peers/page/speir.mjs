// Speir in the page: `open()` and `search()` of the published folder, without the widget.

const FACETS = ["type", "organisations", "topics"];

/** Loads code and manifest; gives the search. */
export async function start() {
  const { open } = await import("/search/speir.js");
  const index = await open("/search/");
  return async (text, row) => {
    const page = await index.search(text, row === "facets" ? { facets: FACETS } : {});
    return page.hits.map(({ id, title, excerpt }) => ({ id, title, excerpt }));
  };
}
