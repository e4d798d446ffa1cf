// A made-up catalogue and a stupid search over it, for pages that test the widget alone.
//
// Runs in the page, before the widget. A test may replace `window.fakeSearch` at any time;
// `window.asked` holds what the widget has asked for so far.

window.asked = [];

window.records = Array.from({ length: 30 }, (_, at) => {
  const type = at < 14 ? "report" : at < 23 ? "toolkit" : at < 28 ? "briefing" : null;
  const topic = at % 2 ? "housing" : "health";
  return {
    id: `r${at}`,
    url: `record.html?id=${at}`,
    title: `Record ${at} on ${topic}`,
    lang: "en",
    text: `What record ${at} says on ${topic}.`,
    fields: {
      ...(type && { type }),
      organisations: ["Council", `Org ${String.fromCharCode(65 + (at % 26))}`],
      ...(at < 28 && { year: 2012 + (at % 10) }),
    },
  };
});

window.spans = (text, words) =>
  text
    .split(/(\s+)/)
    .map((text) => ({ text, match: words.some((word) => text.toLowerCase().startsWith(word)) }));

window.fakeSearch = async (text, { filters = {}, facets = [], sort, limit = 10, offset = 0 }) => {
  const words = text.toLowerCase().split(/\s+/).filter(Boolean);
  const values = (record, field) => [record.fields[field] ?? []].flat();
  const passes = (record, field) => {
    const accepted = [filters[field] ?? []].flat();
    const has = values(record, field);
    return (
      accepted.length === 0 ||
      accepted.some((one) => {
        if (one === null) return has.length === 0;
        if (typeof one !== "object") return has.some((value) => String(value) === String(one));
        return has.some(
          (value) => (!one.from || value >= Number(one.from)) && (!one.to || value <= Number(one.to)),
        );
      })
    );
  };
  const fits = window.records.filter((record) =>
    words.every((word) => record.title.toLowerCase().includes(word)),
  );
  const found = fits.filter((record) => Object.keys(filters).every((field) => passes(record, field)));
  if (sort === "title") found.sort((a, b) => (a.title < b.title ? -1 : 1));
  if (sort === "newest") found.sort((a, b) => (b.fields.year ?? 0) - (a.fields.year ?? 0));

  const counts = {};
  for (const field of facets) {
    const counted = new Map();
    for (const record of fits) {
      if (!Object.keys(filters).every((other) => other === field || passes(record, other))) continue;
      const has = values(record, field);
      for (const value of has.length ? has : [null]) counted.set(value, (counted.get(value) ?? 0) + 1);
    }
    counts[field] = [...counted].map(([value, count]) => ({ value, count, selected: false }));
  }
  return {
    total: found.length,
    hits: found.slice(offset, offset + limit).map(({ text, ...record }) => ({
      ...record,
      score: 1,
      excerpt: window.spans(text, words),
      titleParts: window.spans(record.title, words),
      sections: [],
    })),
    facets: counts,
    notices: [],
    query: { text, match: "auto", sort, limit, offset },
  };
};

/** Titles and organisations with a word that begins as typed, `window.completed` what was asked. */
window.completed = [];
window.fakeSuggest = async (typed, { limit }) => {
  const begins = (text) => ` ${text.toLowerCase()}`.includes(` ${typed.trim().toLowerCase()}`);
  const found = window.records.filter(({ title }) => begins(title));
  const titles = found.map(({ title, id, url }) => ({ text: title, kind: "title", field: null, id, url }));
  const named = [...new Set(window.records.flatMap(({ fields }) => fields.organisations))].filter(begins);
  const values = named.map((text) => ({ text, kind: "value", field: "organisations", id: null, url: null }));
  return [...values, ...titles].slice(0, limit);
};

const source = {
  search(text, options) {
    const { signal, ...rest } = options;
    window.asked.push({ text, ...rest });
    return window.fakeSearch(text, options);
  },
  suggest(typed, options) {
    window.completed.push(typed);
    return window.fakeSuggest(typed, options);
  },
};

for (const element of document.querySelectorAll("speir-search:not([data-real]), speir-box:not([data-real])")) {
  element.source = source;
}
