// Writes site/resources.html and site/toolkit.html from resources.json, so that every link of a
// search result leads somewhere, and readers without JavaScript can read and find everything.
//
//   node make_list.mjs            writes both pages
//   node make_list.mjs --check    writes nothing; fails where a page is not what it would write
//
// Knows the keys of this catalogue and the class names in site/site.css. Never touches the index.

import { readFileSync, writeFileSync } from "node:fs";

const here = (path) => new URL(path, import.meta.url);
const records = JSON.parse(readFileSync(here("resources.json"), "utf8"));

const pages = {
  "site/resources.html": page({
    title: "All resources",
    file: "resources.html",
    lead: `All ${records.length} resources of the library, newest first. To find a word on this page, use your browser’s “Find in page”.`,
    main: resourceList(records),
  }),
  "site/toolkit.html": toolkit(records.find((record) => record.url === "toolkit.html")),
};

let stale = 0;
for (const [path, html] of Object.entries(pages)) {
  if (!process.argv.includes("--check")) {
    writeFileSync(here(path), html);
  } else if (readFileSync(here(path), "utf8") !== html) {
    console.error(`${path} does not match resources.json: run \`node make_list.mjs\` in this folder`);
    stale += 1;
  }
}
process.exitCode = stale > 0 ? 1 : 0;

/** The records under a heading for each year, those without a year last. */
function resourceList(all) {
  const byYear = new Map();
  for (const record of all) {
    const year = yearOf(record);
    byYear.set(year, [...(byYear.get(year) ?? []), record]);
  }
  const years = [...byYear.keys()].sort((a, b) => (b ?? -1) - (a ?? -1));
  const name = (year) => year ?? "Year not stated";
  const anchor = (year) => `year-${year ?? "not-stated"}`;

  const jump = years.map((year) => `        <li><a href="#${anchor(year)}">${name(year)}</a></li>`);
  const groups = years.map((year) =>
    lines(
      `      <h2 class="year" id="${anchor(year)}">${name(year)}</h2>`,
      `      <ul class="resources">`,
      ...byYear.get(year).map(resourceItem),
      `      </ul>`,
    ),
  );
  return lines(
    `      <nav aria-label="Years">`,
    `      <ul class="jump">`,
    ...jump,
    `      </ul>`,
    `      </nav>`,
    ...groups,
  );
}

/** One record. What it does not have leaves no label and no mark behind. */
function resourceItem(record) {
  const title = record.url.startsWith("resources.html#")
    ? text(record.title)
    : `<a href="${text(record.url)}">${text(record.title)}</a>`;
  const facts = [
    record.type && `<li class="kind">${text(record.type)}</li>`,
    ...(record.organisations ?? []).map((name) => `<li>${text(name)}</li>`),
  ].filter(Boolean);
  const labels = [...(record.topics ?? []), ...(record.places ?? [])].map((label) => `<li>${text(label)}</li>`);

  return lines(
    `        <li id="${record.id}">`,
    `          <h3>${title}</h3>`,
    facts.length > 0 && `          <ul class="facts">${facts.join("")}</ul>`,
    `          <p>${text(record.description)}</p>`,
    ...(record.downloads ?? []).map((file) => `          <p>${downloadLink(file)}</p>`),
    labels.length > 0 && `          <ul class="facts">${labels.join("")}</ul>`,
    `        </li>`,
  );
}

/** A handbook page whose headings carry the anchors of the record's sections. */
function toolkit(record) {
  const depth = (section) => section.number.split(".").length;
  const contents = record.sections.map(
    (section) =>
      `            <li class="depth-${depth(section)}"><a href="#${section.anchor}">${section.number} ${text(section.heading)}</a></li>`,
  );
  const chapters = record.sections.map((section) => {
    const tag = `h${depth(section) + 1}`;
    return lines(
      `          <${tag} id="${section.anchor}">${section.number} ${text(section.heading)}</${tag}>`,
      ...section.text.split("\n").map((paragraph) => `          <p>${text(paragraph)}</p>`),
    );
  });
  return page({
    title: record.title,
    file: "toolkit.html",
    lead: record.description,
    main: lines(
      `      <form class="search-form page-search" action="index.html" method="get" role="search" aria-label="Resource library">`,
      `        <label for="q">Search the library and this toolkit</label>`,
      `        <div class="search-row">`,
      `          <input id="q" name="q" type="search" enterkeyhint="search">`,
      `          <button type="submit">Search</button>`,
      `        </div>`,
      `      </form>`,
      `      <div class="handbook">`,
      `        <nav class="contents" aria-labelledby="contents-heading">`,
      `          <h2 id="contents-heading">In this toolkit</h2>`,
      `          <ol>`,
      ...contents,
      `          </ol>`,
      ...record.downloads.map((file) => `          <p>${downloadLink(file)}</p>`),
      `        </nav>`,
      `        <div class="chapters">`,
      ...chapters,
      `        </div>`,
      `      </div>`,
    ),
  });
}

function downloadLink(file) {
  const size = `${Math.max(1, Math.round(file.bytes / 1024))} KB`;
  return `<a href="${text(file.url)}" download>Download ${text(file.title)} (${file.format}, ${size})</a>`;
}

function yearOf(record) {
  return record.year ?? (record.date ? Number(record.date.slice(0, 4)) : undefined);
}

/** The frame that both pages share with site/index.html, which is written by hand. */
function page({ title, file, lead, main }) {
  const index = readFileSync(here("site/index.html"), "utf8");
  const between = (start, end) => {
    const from = index.indexOf(start);
    const to = index.indexOf(end, from);
    if (from < 0 || to < 0) {
      throw new Error(`site/index.html: expected \`${start}\` … \`${end}\`, from which the other pages are made`);
    }
    return index.slice(from, to + end.length);
  };
  const header = between(`<a class="skip"`, "</header>")
    .replace(` aria-current="page"`, "")
    .replace(`href="${file}"`, `href="${file}" aria-current="page"`);

  return `${lines(
    "<!doctype html>",
    `<!-- Made from resources.json by make_list.mjs: change it there. -->`,
    `<html lang="en-GB">`,
    "<head>",
    between("<meta charset", "form-action 'self'\">"),
    `<title>${text(title)} | Strathmore Council</title>`,
    `<link rel="icon" href="crest.svg" type="image/svg+xml">`,
    `<link rel="stylesheet" href="site.css">`,
    // Gives focus to the heading that a result's link names.
    `<script type="module" src="search/speir-highlight.js"></script>`,
    "</head>",
    "<body>",
    header,
    `<nav class="width" aria-label="Breadcrumb">`,
    `  <ol class="breadcrumb">`,
    `    <li>Strathmore Council</li>`,
    `    <li>People and communities</li>`,
    `    <li><a href="index.html">Resource library</a></li>`,
    `    <li aria-current="page">${text(title)}</li>`,
    `  </ol>`,
    `</nav>`,
    `<main id="main">`,
    `  <div class="width">`,
    `    <h1>${text(title)}</h1>`,
    `    <p class="lead">${text(lead)}</p>`,
    main,
    `  </div>`,
    `</main>`,
    between(`<footer`, "</footer>"),
    "</body>",
    "</html>",
  )}\n`;
}

/** Lines of HTML, without those that are not there. */
function lines(...parts) {
  return parts.filter((part) => part !== false && part !== undefined).join("\n");
}

/** Text as HTML text or as the value of a double-quoted attribute. */
function text(value) {
  return String(value)
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;")
    .replaceAll('"', "&quot;");
}
