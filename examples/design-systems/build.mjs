// Makes `site/`: the three pages with their lists, one index for all of them, covers, and the sheets of
// the design systems.
//
// Takes the sheets from the packages and leaves out what a licence or a policy does not let another site
// serve: the fonts, which belong to GOV.UK and the NHS, the crests and the logos.
// SPEIR_COMMAND names the command line (default: `speir`, as it is found on the path).

import { execFileSync } from "node:child_process";
import { cpSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

import { coverOf } from "./covers.mjs";

const HERE = fileURLToPath(new URL(".", import.meta.url));
const SITE = join(HERE, "site");
const read = (path) => readFileSync(join(HERE, path), "utf8");

/** For each page, the classes of its design system that a list of records needs. */
const PAGES = {
  govuk: {
    sheet: "node_modules/govuk-frontend/dist/govuk/govuk-frontend.min.css",
    h1: "govuk-heading-l",
    h2: "govuk-heading-m",
    h3: "govuk-heading-s",
    p: "govuk-body",
    link: "govuk-link",
    list: "govuk-list",
  },
  nhs: {
    sheet: "node_modules/nhsuk-frontend/dist/nhsuk/nhsuk-frontend.min.css",
    icons: "node_modules/nhsuk-frontend/dist/nhsuk/assets/images",
    h1: "nhsuk-heading-l",
    h2: "nhsuk-heading-m",
    h3: "nhsuk-heading-s",
    p: "nhsuk-body",
    link: "nhsuk-link",
    list: "nhsuk-list",
  },
  council: { h1: "", h2: "", h3: "", p: "", link: "", list: "plain" },
};

rmSync(SITE, { recursive: true, force: true });
mkdirSync(join(SITE, "covers"), { recursive: true });
cpSync(join(HERE, "files"), join(SITE, "files"), { recursive: true });
for (const file of readdirSync(join(HERE, "../resource-library/site/files"))) {
  cpSync(join(HERE, "../resource-library/site/files", file), join(SITE, "files", file));
}

const records = recordsOf();
for (const record of records) {
  writeFileSync(join(SITE, "covers", `${record.id}.svg`), coverOf(record));
}
writeFileSync(join(SITE, "records.json"), JSON.stringify(records, null, 1));
execFileSync(
  process.env.SPEIR_COMMAND ?? "speir",
  ["build", join(SITE, "records.json"), "--config", join(HERE, "speir.toml"), "--out", join(SITE, "search"), "--quiet"],
  { stdio: "inherit" },
);

for (const [name, classes] of Object.entries(PAGES)) {
  cpSync(join(HERE, "pages", name), join(SITE, name), { recursive: true });
  if (classes.sheet) writeFileSync(join(SITE, name, "design-system.css"), withoutFonts(read(classes.sheet)));
  if (classes.icons) {
    const icons = readdirSync(join(HERE, classes.icons)).filter((file) => /^nhsuk-icon-.*\.svg$/.test(file));
    for (const file of icons) cpSync(join(HERE, classes.icons, file), join(SITE, name, "icons", file));
  }
  const page = read(`pages/${name}/index.html`);
  writeFileSync(join(SITE, name, "all.html"), pageOf(page, "All resources", listOf(records, classes), classes));
  const handbook = records.find(({ sections }) => sections?.some(({ anchor }) => anchor === "s5-2-1") && true);
  const garden = records.find(({ id }) => id === "garden") ?? handbook;
  writeFileSync(join(SITE, name, "handbook.html"), pageOf(page, garden.title, chaptersOf(garden, classes), classes));
}
writeFileSync(join(SITE, "index.html"), read("pages/index.html"));

/** The library's records and ours, with covers, and links that lead within each page's own folder. */
function recordsOf() {
  const library = JSON.parse(read("../resource-library/resources.json"));
  const own = JSON.parse(read("records.json"));
  return [...library, ...own].map((record) => ({
    ...record,
    url: own.includes(record) ? record.url : `all.html#${record.id}`,
    image: `../covers/${record.id}.svg`,
    downloads: record.downloads?.map((file) => {
      const name = file.url.split("/").pop();
      return { ...file, url: `../files/${name}`, bytes: statSync(join(SITE, "files", name)).size };
    }),
  }));
}

/** The sheet without fonts, crests and addresses of others; its icons lie beside it. */
function withoutFonts(css) {
  return css
    .replace(/@font-face\s*\{[^}]*\}/g, "")
    .replace(/url\(\/assets\/images\/(nhsuk-icon-[\w-]+\.svg)\)/g, "url(icons/$1)")
    .replace(/url\((?:\/assets|https:)[^)]*\)/g, "none")
    .replace(/\/\*# sourceMappingURL=[^]*$/, "");
}

/** A page of the same design with other contents, and without the search's own two files. */
function pageOf(page, title, content, { h1 }) {
  return page
    .replace(/<title>[^<]*/, `<title>${escaped(title)} – Strathmore Council`)
    .replace(/.*speir-widget.*\n/g, "")
    .replace("</head>", '<script type="module" src="../search/speir-highlight.js"></script>\n</head>')
    .replace(/<h1[^]*<!-- end of the content -->/, `<h1 class="${h1}">${escaped(title)}</h1>\n${content}`)
    .replaceAll(' class=""', "");
}

function listOf(records, { h3, p, link, list }) {
  const items = records.map((record) => {
    const { id, title, lang = "en", organisations = [], year, type, description, downloads = [] } = record;
    const dir = lang === "ar" ? ' dir="rtl"' : "";
    const name = record.sections ? `<a class="${link}" href="${record.id === "garden" ? "handbook.html" : `#${id}`}">${escaped(title)}</a>` : escaped(title);
    const facts = [...organisations, year, type].filter(Boolean).map(escaped).join(", ");
    const files = downloads.map(
      (file) =>
        `<p class="${p}"><a class="${link}" href="${file.url}">Download ${escaped(file.title)} (${file.format}, ${Math.max(1, Math.round(file.bytes / 1000))} KB)</a></p>`,
    );
    return [
      `<li id="${id}">`,
      `<h2 class="${h3}" lang="${lang}"${dir}>${name}</h2>`,
      facts && `<p class="${p}">${facts}</p>`,
      description && `<p class="${p}" lang="${lang}"${dir}>${escaped(description)}</p>`,
      ...files,
      "</li>",
    ]
      .filter(Boolean)
      .join("\n");
  });
  return `<ul class="${list}">\n${items.join("\n")}\n</ul>`;
}

function chaptersOf({ description, sections }, classes) {
  const chapters = sections.map(({ number, heading, anchor, text }) => {
    const level = number.split(".").length + 1;
    const paragraphs = text.split("\n").map((line) => `<p class="${classes.p}">${escaped(line)}</p>`);
    return `<h${level} id="${anchor}" class="${level > 2 ? classes.h3 : classes.h2}">${number} ${escaped(heading)}</h${level}>\n${paragraphs.join("\n")}`;
  });
  return `<p class="${classes.p}">${escaped(description)}</p>\n${chapters.join("\n")}`;
}

function escaped(text) {
  return String(text).replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll('"', "&quot;");
}
