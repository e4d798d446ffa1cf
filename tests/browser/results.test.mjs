// The list of results: what a card holds, what it leaves out, and that text is only text.

import assert from "node:assert/strict";
import { test } from "node:test";
import {
  axe,
  BOX,
  heading,
  search,
  setUp,
  settled,
  titles,
  waitForStatus,
} from "./support/browser.mjs";

const world = setUp();

/** A page whose search always answers with these hits. */
async function answering(hits, notices = [], parts = {}) {
  const page = await world.openFixture(parts);
  await page.evaluate(
    ([hits, notices]) => {
      const whole = hits.map((hit, at) => ({
        id: `h${at}`,
        url: null,
        lang: "en",
        score: 1,
        fields: {},
        excerpt: [],
        titleParts: [],
        sections: [],
        ...hit,
      }));
      window.fakeSearch = async () => ({ total: whole.length, hits: whole, facets: {}, notices, query: {} });
    },
    [hits, notices],
  );
  await search(page, "anything");
  return page;
}

const EVIL =
  '<img src=x onerror="document.title=`broken`"><script>document.title="broken"</script><b>bold</b>';

test("7: what looks like markup in a record is shown as text, in every place of a card", async () => {
  const spans = [
    { text: EVIL, match: false },
    { text: EVIL, match: true },
  ];
  const page = await answering(
    [
      {
        id: EVIL,
        url: "record.html",
        title: EVIL,
        titleParts: spans,
        excerpt: spans,
        lang: EVIL,
        fields: {
          type: EVIL,
          organisations: [EVIL],
          year: EVIL,
          downloads: [{ url: "a.pdf", title: EVIL, format: EVIL }],
        },
        sections: [{ heading: EVIL, number: EVIL, anchor: "a", url: "record.html#a", excerpt: spans }],
      },
    ],
    [
      { kind: "unknown-word", word: EVIL },
      { kind: "prefix", word: EVIL, searched: [EVIL] },
    ],
  );
  await page.evaluate(
    (evil) =>
      (window.fakeSearch = async () => ({
        total: 0,
        hits: [],
        facets: { type: [{ value: evil, count: 1 }] },
        notices: [],
      })),
    EVIL,
  );
  assert.equal(await page.locator(".speir-result img, .speir-result script, .speir-result b").count(), 0);
  assert.equal(await page.locator(".speir-title").innerText(), EVIL + EVIL);
  await search(page, EVIL);
  assert.ok((await heading(page)).includes(EVIL));
  assert.equal(await page.locator(".speir-area img, .speir-area script, .speir-area b").count(), 0);
  assert.ok(!(await page.title()).startsWith("broken"));
  assert.deepEqual(page.violations, []);
  assert.deepEqual(page.faults, []);
});

for (const url of [
  "javascript:alert(1)",
  " java\nscript:alert(1)",
  "data:text/html,x",
  "vbscript:x",
  "blob:x",
  "http://[",
]) {
  test(`7: ${JSON.stringify(url)} never becomes a link`, async () => {
    const page = await answering([
      {
        title: "A record",
        url,
        fields: { downloads: [url], image: url },
        sections: [{ heading: "Part", url }],
      },
    ]);
    assert.deepEqual(await titles(page), ["A record"]);
    assert.equal(await page.locator(".speir-result a, .speir-result img").count(), 0);
  });
}

test("24, R2: results are a list, each with one heading that holds one link", async () => {
  const page = await world.openFixture();
  await search(page, "housing");
  assert.equal(await page.locator("ol.speir-list > li").count(), 10);
  assert.equal(await page.locator("ol.speir-list > li > h3 > a[href]").count(), 10);
  assert.equal(await page.locator("ol.speir-list > li > h3").count(), 10);
  assert.equal(await page.locator(".speir-area :is(ul, ol, fieldset, dl):empty").count(), 0);
});

test("24: what is free of a card, and its cover, belong to the link; its text can be selected", async () => {
  const hit = { title: "Strategy", url: "record.html", excerpt: [{ text: "What it says.", match: false }] };
  const page = await answering([{ ...hit, fields: { type: "report", image: "fixture/icon.svg", year: 2014 } }]);
  const card = page.locator(".speir-result");
  const at = (x, y) =>
    page.evaluate(([x, y]) => document.elementFromPoint(x, y)?.closest("a")?.className ?? null, [x, y]);
  const box = await card.boundingBox();
  const text = await card.locator(".speir-excerpt").boundingBox();
  const cover = await card.locator("img").boundingBox();
  for (const [x, y] of [
    [box.x + 5, box.y + 5],
    [box.x + box.width - 5, box.y + box.height - 5],
    [text.x + text.width + 20, text.y + 5],
    [cover.x + 10, cover.y + 10],
  ]) {
    assert.equal(await at(x, y), "speir-link", `${x} ${y}`);
  }
  assert.equal(await at(text.x + 5, text.y + 5), null);
  await page.mouse.move(text.x + 2, text.y + text.height / 2);
  await page.mouse.down();
  await page.mouse.move(text.x + text.width - 2, text.y + text.height / 2, { steps: 4 });
  await page.mouse.up();
  assert.match(await page.evaluate(() => getSelection().toString()), /What it says/);
  await page.mouse.click(text.x + text.width + 20, text.y + 5);
  await page.waitForURL(/record\.html/);
});

test("24: links, buttons and files within a card are pressed themselves", async () => {
  const page = await answering([
    {
      title: "Strategy",
      url: "record.html",
      fields: { description: "All of what it says, at length.", downloads: ["s.pdf"] },
      excerpt: [{ text: "What", match: false }],
      sections: [{ heading: "Part", url: "record.html#p", excerpt: [] }],
    },
  ]);
  for (const inner of [".speir-result .speir-more", ".speir-sections a", ".speir-downloads a"]) {
    const isTop = await page.locator(inner).evaluate((node) => {
      const { left, top, width, height } = node.getBoundingClientRect();
      return node.contains(document.elementFromPoint(left + width / 2, top + height / 2));
    });
    assert.ok(isTop, inner);
  }
});

test("24: `heading-level` sets the level of the titles", async () => {
  const page = await world.openFixture({ attributes: 'heading-level="4"' });
  await search(page, "housing");
  assert.equal(await page.locator("h4.speir-title").count(), 10);
  assert.equal(await page.locator("h3.speir-heading").count(), 1);
});

test("25: a long title is whole and wraps", async () => {
  const title = `${"Migrantintegration".repeat(20)} ${"and so on ".repeat(30)}end`;
  const page = await answering([{ title, url: "record.html" }], [], {});
  await page.setViewportSize({ width: 320, height: 600 });
  assert.deepEqual(await titles(page), [title]);
  assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= window.innerWidth));
});

test("26, R1: a cover is decorative and has its place kept; a missing one leaves no gap", async () => {
  const page = await answering([
    { title: "With", fields: { image: "/fixture/icon.svg" } },
    { title: "Broken", fields: { image: "/nowhere.png" } },
    { title: "Without" },
  ]);
  await page.waitForFunction(() => document.querySelectorAll(".speir-result img").length === 1);
  const image = page.locator(".speir-result img");
  for (const [name, value] of [
    ["alt", ""],
    ["loading", "lazy"],
    ["width", "96"],
    ["height", "128"],
  ]) {
    assert.equal(await image.getAttribute(name), value);
  }
});

test("27: a card tells title, organisations, year, type, text, files, in this order", async () => {
  const page = await answering([
    {
      title: "Title",
      url: "record.html",
      excerpt: [{ text: "Excerpt", match: false }],
      fields: { type: "report", year: 2014, organisations: ["Council", "Trust"], downloads: ["a.pdf"] },
    },
  ]);
  const text = await page.locator(".speir-result").evaluate((card) => card.textContent.replace(/\s+/g, " "));
  assert.equal(text, "TitleOrganisationCouncilTrustYear2014TypereportExcerptDownload Title (PDF)");
});

test("27: what a record lacks leaves nothing behind", async () => {
  const page = await answering([
    { title: "Bare", fields: { organisations: [], year: null, type: "", downloads: [] } },
  ]);
  assert.equal(await page.locator(".speir-result").evaluate((card) => card.textContent), "Bare");
  assert.equal(await page.locator(".speir-result > *").count(), 1);
});

test("27: a year is taken from the date where there is no year; `meta` chooses the facts", async () => {
  const hits = [{ title: "Dated", fields: { date: "2011-06-14", topics: ["Housing"] } }];
  assert.equal(await (await answering(hits)).locator("dl dd").allInnerTexts().then(String), "2011");
  const page = await answering(hits, [], { attributes: 'meta="topics date"' });
  assert.deepEqual(await page.locator("dl dd").allInnerTexts(), ["Housing", "June 14, 2011"]);
});

test("28: found words are in <mark>, in title and text", async () => {
  const page = await world.openFixture();
  await search(page, "housing");
  assert.equal(await page.locator(".speir-title mark").first().innerText(), "housing");
  assert.match(await page.locator(".speir-excerpt mark").first().innerText(), /^housing/);
});

test("28: in forced colours a found word is told by more than colour, in title and text", async () => {
  const page = await world.openFixture({}, "?q=housing", { forcedColors: "active" });
  await settled(page);
  for (const place of [".speir-title mark", ".speir-excerpt mark"]) {
    const look = await page.locator(place).first().evaluate((node) => {
      const { textDecorationLine, fontWeight } = getComputedStyle(node);
      return [textDecorationLine, Number(fontWeight) >= 600];
    });
    assert.deepEqual(look, ["underline", true], place);
  }
});

test("29, R13: files are named with title, format and size; a foreign host is shown; nothing opens a window", async () => {
  const page = await answering([
    {
      title: "Strategy",
      url: "https://www.example.org/s",
      fields: {
        downloads: [
          { url: "s.pdf", format: "PDF", bytes: 1234567 },
          { url: "t.xlsx", title: "Tables", bytes: 240000 },
          "u",
          "javascript:x",
        ],
      },
    },
  ]);
  assert.equal(await page.locator(".speir-title a").innerText(), "Strategy (www.example.org)");
  assert.deepEqual(await page.locator(".speir-downloads a").allInnerTexts(), [
    "Download Strategy (PDF, 1.2 MB)",
    "Download Tables (XLSX, 240 KB)",
    "Download Strategy",
  ]);
  assert.equal(await page.locator("[target]").count(), 0);
});

test("30: sections found are links of their own, with number and text", async () => {
  const page = await answering([
    {
      title: "Toolkit",
      url: "toolkit.html",
      sections: [
        {
          heading: "Making contact",
          number: "5.2",
          anchor: "c",
          url: "toolkit.html#c",
          excerpt: [{ text: "contact", match: true }],
        },
      ],
    },
  ]);
  const list = page.getByRole("list", { name: "Sections of Toolkit" });
  const link = list.getByRole("link", { name: "5.2 Making contact" });
  assert.equal(await link.getAttribute("href"), "toolkit.html#c");
  assert.equal(await list.locator("mark").innerText(), "contact");
});

test("30: a section found shows the headings that it stands under, in their order", async () => {
  const section = (heading, number, trail) => ({ heading, number, anchor: "c", url: "toolkit.html#c", excerpt: [], trail });
  const page = await answering([
    {
      title: "Toolkit",
      url: "toolkit.html",
      sections: [
        section("Interpreters", "5.2.1", ["5 Engaging with communities", "5.2 Making contact"]),
        section("Before people arrive", "1"),
      ],
    },
  ]);
  const [deep, high] = await page.locator(".speir-sections li").all();
  assert.deepEqual((await deep.innerText()).split(/\n+/), [
    "5 Engaging with communities › 5.2 Making contact ›",
    "5.2.1 Interpreters",
  ]);
  assert.equal(await high.innerText(), "1 Before people arrive");
  assert.deepEqual(await axe(page), []);
});

test("32, R18: a record in another language says so and carries it", async () => {
  const page = await answering([
    { title: "Strategaeth", url: "cy.html", lang: "cy", excerpt: [{ text: "Yn Gymraeg", match: false }] },
    { title: "Strategy", url: "en.html", lang: "en-GB", excerpt: [{ text: "In English", match: false }] },
  ]);
  const [welsh, english] = await page.locator(".speir-result").all();
  assert.equal(await welsh.locator("a bdi").getAttribute("lang"), "cy");
  assert.equal(await welsh.locator("p").getAttribute("lang"), "cy");
  assert.match(await welsh.innerText(), /In Welsh/);
  assert.equal(await english.locator("[lang]").count(), 0);
});

test("33: pages are links with addresses; turning one puts focus on the heading, in view", async () => {
  const page = await world.openFixture();
  await search(page, "");
  const nav = page.getByRole("navigation", { name: "Pages of results" });
  assert.deepEqual(
    await nav
      .getByRole("link")
      .allInnerTexts()
      .then((all) => all.map((text) => text.replace(/\s+/g, " "))),
    ["Page 1", "Page 2", "Page 3", "Next"],
  );
  assert.equal(await nav.locator("[aria-current=page]").getAttribute("href"), "/fixture.html?q=");
  const next = nav.getByRole("link", { name: "Next" });
  assert.equal(await next.getAttribute("href"), "/fixture.html?page=2");
  await next.click();
  await settled(page);
  assert.equal(new URL(page.url()).search, "?page=2");
  assert.equal((await titles(page))[0], "Record 10 on health");
  assert.equal(await page.locator("ol.speir-list").getAttribute("start"), "11");
  assert.ok(await page.locator(".speir-heading").evaluate((node) => node === document.activeElement));
  const box = await page.locator(".speir-heading").boundingBox();
  assert.ok(box.y >= 0 && box.y < 900, `heading at ${box.y}`);
  assert.match(await page.title(), /^Page 2/);
});

test("33: a page link opened in a new tab leaves this page alone", async () => {
  const page = await world.openFixture();
  await search(page, "");
  const [tab] = await Promise.all([
    page.context().waitForEvent("page"),
    page.getByRole("link", { name: "Next" }).click({ modifiers: ["Control"] }),
  ]);
  await tab.waitForURL(/page=2/);
  assert.equal(new URL(page.url()).search, "?q=");
});

test("34, 52: the order is a labelled select that keeps focus and goes into the address", async () => {
  const page = await world.openFixture();
  await search(page, "");
  const sort = page.getByLabel("Sort by");
  assert.deepEqual(await sort.locator("option").allInnerTexts(), ["Relevance", "Newest", "Title A to Z"]);
  await sort.focus();
  await sort.selectOption("title");
  await settled(page);
  assert.ok(await sort.evaluate((node) => node === document.activeElement));
  assert.equal(new URL(page.url()).search, "?sort=title");
  assert.equal((await titles(page))[1], "Record 1 on housing");
  assert.equal(await page.evaluate(() => window.asked.at(-1).sort), "title");
});

test("46, 49: no results are never blank: what was asked, each filter with a way out, a way to browse", async () => {
  const page = await world.openFixture(
    { list: '<p data-speir="help">Ring the library on 01234.</p>' },
    "?q=",
  );
  await settled(page);
  assert.equal(await page.getByText("Ring the library").isVisible(), false);
  await page.goto(`${world.site.url}fixture.html?q=housing+zebra&type=report&from=2014`);
  await settled(page);
  assert.equal(await heading(page), "No resources for ‘housing zebra’");
  assert.ok(await page.getByText("Ring the library").isVisible());
  for (const name of [
    "Remove Type: report",
    "Remove Year: from 2014",
    "Clear all filters",
    "Search again without filters",
    "Browse all 30 resources",
  ]) {
    assert.equal(await page.getByRole("link", { name }).count(), 1, name);
  }
  assert.deepEqual(await axe(page), []);
  await page.getByRole("link", { name: "Browse all 30 resources" }).click();
  await settled(page);
  assert.equal(await heading(page), "30 resources");
  assert.equal(await page.inputValue(BOX), "");
  await search(page, "zebra");
  assert.equal(await page.getByRole("link", { name: "Browse all 30 resources" }).count(), 1);
});

test("50: how the words were taken is said: unknown, begun, too many", async () => {
  const page = await answering(
    [{ title: "A record" }],
    [
      { kind: "unknown-word", word: "migrnat" },
      { kind: "prefix", word: "integr", searched: ["integration", "integrated"] },
      { kind: "too-many-words", searched: 32 },
      { kind: "something-new" },
    ],
  );
  assert.deepEqual(await page.locator(".speir-notice").allInnerTexts(), [
    "No resource contains ‘migrnat’.",
    "Words that begin with ‘integr’ were searched too: integration, integrated.",
    "Only the first 32 words were searched.",
  ]);
});

test("45, 50: a slip says what is shown instead, with a link that searches for the word itself", async () => {
  const slip = { kind: "slip", word: "migrnat", searched: ["migrant"], total: 2, exact: '"migrnat"' };
  const page = await world.openFixture({}, "?q=&type=report&sort=title");
  await settled(page);
  await page.evaluate((notices) => {
    window.fakeSearch = async () => ({
      total: 40,
      hits: [{ id: "h", url: null, title: "A record", lang: "en", score: 1, fields: {}, excerpt: [] }],
      facets: {},
      notices,
    });
  }, [slip]);
  await search(page, "rights migrnat");
  const line = page.locator(".speir-notice");
  const said =
    "No exact matches for ‘migrnat’. Showing results for ‘migrant’. Search only for ‘migrnat’";
  assert.equal(await line.innerText(), said);
  const link = page.getByRole("link", { name: "Search only for ‘migrnat’" });
  const { searchParams } = new URL(await link.getAttribute("href"), page.url());
  assert.deepEqual([...searchParams], [
    ["q", 'rights "migrnat"'],
    ["type", "report"],
    ["sort", "title"],
  ]);
  assert.equal(
    await waitForStatus(page, /Showing|showing/),
    "40 resources for ‘rights migrnat’, showing results for ‘migrant’, 1 filter, page 1 of 4",
  );
  assert.deepEqual(await axe(page), []);
  await link.click();
  await settled(page);
  assert.equal(await page.inputValue(BOX), 'rights "migrnat"');
  assert.equal(await page.evaluate(() => window.asked.at(-1).text), 'rights "migrnat"');
  assert.deepEqual(await page.evaluate(() => window.asked.at(-1).filters.type), ["report"]);
});

for (const [kind, notice, said, texts] of [
  [
    "words run together",
    { kind: "split", word: "counciltax", searched: ["council", "tax"], total: 1, exact: '"counciltax"' },
    "No exact matches for ‘counciltax’. Showing results for ‘council tax’. Search only for ‘counciltax’",
    ['"counciltax"'],
  ],
  [
    "a slip with several words near it",
    { kind: "slip", word: "hause", searched: ["house", "cause"], total: 1, exact: '"hause"' },
    "No exact matches for ‘hause’. Showing results for ‘house’ or ‘cause’. Search only for ‘hause’",
    ['"hause"'],
  ],
  [
    "a slip whose words no hit holds either",
    { kind: "slip", word: "hause", searched: ["house"], total: 0, exact: '"hause"' },
    "No exact matches for ‘hause’. ‘house’ was searched for instead. Search only for ‘hause’",
    ['"hause"'],
  ],
  [
    "what may have been meant",
    { kind: "did-you-mean", word: "hause", suggestions: ["house", "cause"] },
    "Did you mean ‘house’ or ‘cause’?",
    ["house", "cause"],
  ],
  [
    "words that mean the same",
    { kind: "synonym", word: "GP", searched: ["doctor", "general practitioner"], exact: '"GP"' },
    "Also searched for ‘doctor’ or ‘general practitioner’. Search only for ‘GP’",
    ['"GP"'],
  ],
  [
    "common words",
    { kind: "common-words", words: ["the", "of"] },
    "Results need not contain common words: the, of.",
    [],
  ],
  [
    "what looked like more than words",
    { kind: "as-words", text: "title:" },
    "‘title:’ was searched as words.",
    [],
  ],
]) {
  test(`50: ${kind}: said in words, each way on a link`, async () => {
    const page = await answering([{ title: "A record" }], [notice]);
    await search(page, notice.word ?? "anything");
    const line = page.locator(".speir-notice");
    assert.equal(await line.innerText(), said);
    const asked = await line.locator("a").evaluateAll((links) =>
      links.map((link) => new URL(link.href).searchParams.get("q")),
    );
    assert.deepEqual(asked, texts);
    assert.deepEqual(await axe(page), []);
  });
}

test("50: in a link only the whole word is replaced, and its letters are no pattern", async () => {
  const notice = (word) => ({ kind: "did-you-mean", word, suggestions: ["$&-x"] });
  for (const [typed, word, expected] of [
    ["cat concat cat", "cat", "$&-x concat $&-x"],
    ["c++ (or) c", "c++", "$&-x (or) c"],
    ["Tŷ tŷd", "tŷ", "$&-x tŷd"],
    ["something else", "elsewhere", "$&-x"],
  ]) {
    const page = await answering([{ title: "A record" }], [notice(word)]);
    await search(page, typed);
    const href = await page.locator(".speir-notice a").getAttribute("href");
    assert.equal(new URL(href, page.url()).searchParams.get("q"), expected);
  }
});

test("49, 50: no results: the suggestion is a link beside the filters in force", async () => {
  const page = await world.openFixture({}, "?q=&type=report");
  await settled(page);
  await page.evaluate(() => {
    const notices = [{ kind: "did-you-mean", word: "hause", suggestions: ["house"] }];
    window.fakeSearch = async () => ({ total: 0, hits: [], facets: {}, notices });
  });
  await search(page, "hause");
  assert.equal(await heading(page), "No resources for ‘hause’");
  const link = page.getByRole("link", { name: "‘house’", exact: true });
  assert.equal(new URL(await link.getAttribute("href"), page.url()).search, "?q=house&type=report");
  assert.equal(await page.getByRole("link", { name: "Remove Type: report" }).count(), 1);
  assert.equal(await page.getByRole("link", { name: /^Browse all/ }).count(), 1);
  assert.deepEqual(await axe(page), []);
});

test("27, R4: a record whose time is over, or that another replaces, says so in words", async () => {
  const page = await answering([
    {
      title: "Old guide",
      url: "old.html",
      standing: "replaced",
      fields: { replacedBy: { id: "n", title: "New guide", url: "new.html" } },
    },
    {
      title: "Old list",
      standing: "replaced",
      fields: { replacedBy: { id: "n", title: "New list", url: "javascript:alert(1)" } },
    },
    { title: "Bare", standing: "replaced", fields: { replacedBy: { id: "n" } } },
    { title: "Scheme", standing: "expired", fields: { validUntil: "2015-05-03" } },
    { title: "Undated", standing: "expired" },
    { title: "Holds", fields: { validUntil: "2115-05-03" } },
  ]);
  assert.deepEqual(await page.locator(".speir-standing").allInnerTexts(), [
    "Replaced by New guide",
    "Replaced by New list",
    "Replaced by another resource",
    "Valid until May 3, 2015",
    "No longer valid",
  ]);
  const link = page.locator(".speir-standing a");
  assert.equal(await link.count(), 1);
  assert.equal(await link.getAttribute("href"), "new.html");
  assert.deepEqual(await axe(page), []);
});

test("50: the place from which hits hold only some of the words is marked in the list", async () => {
  const hits = [{ title: "Both" }, { title: "One" }, { title: "Other" }];
  const page = await answering(hits, [{ kind: "partial-from", index: 1 }]);
  assert.equal(await page.locator("ol").count(), 2);
  assert.equal(await page.locator("ol").nth(1).getAttribute("start"), "2");
  assert.equal(await page.locator("ol + p + ol").count(), 1);
  assert.equal(
    await page.locator(".speir-notice").innerText(),
    "These resources contain only some of your words.",
  );
  const none = await answering(hits, [{ kind: "partial-from", index: 0 }]);
  assert.match(await none.locator(".speir-notice").innerText(), /^No resource contains all of your words/);
  assert.equal(await none.locator("ol").count(), 1);
});

test("24, 27, 30, 32: a page with every part of a card has no axe findings", async () => {
  const page = await answering(
    [
      {
        title: "Toolkit",
        url: "https://example.org/toolkit",
        lang: "cy",
        excerpt: [{ text: "word", match: true }],
        fields: {
          type: "toolkit",
          year: 2014,
          organisations: ["Council", "Trust"],
          image: "/fixture/icon.svg",
          downloads: [{ url: "a.pdf", bytes: 90 }],
        },
        sections: [
          { heading: "Contact", number: "5.2", url: "#c", excerpt: [{ text: "word", match: true }] },
        ],
      },
      { title: "Leads nowhere" },
    ],
    [
      { kind: "partial-from", index: 1 },
      { kind: "unknown-word", word: "x" },
    ],
  );
  assert.deepEqual(await axe(page), []);
});

test("31: where the description has more than the excerpt, a button shows it and takes it back", async () => {
  const description = "The first sentence. Then housing. And then a good deal more about it.";
  const page = await answering([
    {
      title: "Long",
      excerpt: [
        { text: "Then ", match: false },
        { text: "housing", match: true },
      ],
      fields: { description },
    },
    {
      title: "Short",
      excerpt: [{ text: "All there is.", match: false }],
      fields: { description: "All there is." },
    },
  ]);
  assert.equal(await page.locator(".speir-result button").count(), 1);
  const button = page.getByRole("button", { name: "Show more about Long" });
  assert.equal(await button.getAttribute("aria-expanded"), "false");
  await button.click();
  assert.equal(await page.locator(".speir-excerpt").first().innerText(), description);
  await page.getByRole("button", { name: "Show less about Long", expanded: true }).click();
  assert.equal(await page.locator(".speir-excerpt").first().innerText(), "Then housing");
  assert.equal(await page.locator(".speir-excerpt mark").count(), 1);
});
