// Pagefind in the page, as its documentation says, with the fragments of the first ten results.

/** Loads code and index; gives the search. */
export async function start() {
  const pagefind = await import("/search/pagefind.js");
  await pagefind.options({ baseUrl: "/" });
  await pagefind.init();
  let hasFilters = false;
  return async (text, row) => {
    if (row === "facets" && !hasFilters) {
      await pagefind.filters();
      hasFilters = true;
    }
    const found = await pagefind.search(text, row === "facets" ? { filters: {} } : {});
    const pages = await Promise.all(found.results.slice(0, 10).map((result) => result.data()));
    return pages.map(({ url, meta, excerpt }) => ({ id: recordId(url), title: meta.title, excerpt }));
  };
}

/** The record of a page's address. */
function recordId(url) {
  return decodeURIComponent(url.replace(/^.*\/p\//, "").replace(/\.html$/, ""));
}
