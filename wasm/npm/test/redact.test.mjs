// What is taken out of a query before a host's statistics see it, and what is left alone.

import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { test } from "node:test";

import { transform } from "esbuild";

const source = await readFile(new URL("../widget/redact.ts", import.meta.url), "utf8");
const { code } = await transform(source, { loader: "ts", format: "esm" });
const { redact } = await import(`data:text/javascript,${encodeURIComponent(code)}`);

/** A query, and what is left of it. */
const TAKEN = [
  // E-mail addresses.
  ["jo.bloggs@example.org", "[email]"],
  ["housing jo.bloggs+council@mail.example.gov.uk advice", "housing [email] advice"],
  ["mail:jo@example", "[email]"],
  ["gwen@ysgol.cymru, tom@example.scot", "[email], [email]"],
  ["жанна@пример.укр", "[email]"],
  // UK telephone numbers, as people set them apart.
  ["0141 287 2000", "[phone]"],
  ["call 01412872000 today", "call [phone] today"],
  ["(020) 7946 0018", "[phone]"],
  ["020-7946-0018", "[phone]"],
  ["07700 900123", "[phone]"],
  ["07700900123", "[phone]"],
  ["0800 123 4567", "[phone]"],
  ["01632 96012", "[phone]"],
  // International ones.
  ["+44 141 287 2000", "[phone]"],
  ["+44 (0)141 287 2000", "[phone]"],
  ["0044 141 287 2000", "[phone]"],
  ["+48 22 123 45 67", "[phone]"],
  ["+1-202-555-0142", "[phone]"],
  // Postcodes of each form.
  ["M1 1AE", "[postcode]"],
  ["M60 1NW", "[postcode]"],
  ["CR2 6XH", "[postcode]"],
  ["DN55 1PT", "[postcode]"],
  ["W1A 1HQ", "[postcode]"],
  ["EC1A 1BB", "[postcode]"],
  ["bins g2 1du collection", "bins [postcode] collection"],
  ["GIR 0AA", "[postcode]"],
  ["eh11yz", "[postcode]"],
  // National Insurance numbers, the example of the forms too.
  ["AB123456C", "[ni-number]"],
  ["QQ 12 34 56 C", "[ni-number]"],
  ["ni ab-12-34-56-c", "ni [ni-number]"],
  // Long rows of digits: cards, accounts, NHS and CHI numbers.
  ["4929 1234 5678 9012", "[number]"],
  ["account 12345678", "account [number]"],
  ["943 476 5919", "[number]"],
  ["0101905555", "[phone]"],
  // Wide letters and digits of other scripts.
  ["jo＠example.org", "[email]"],
  ["٠١٤١ ٢٨٧ ٢٠٠٠", "[phone]"],
  ["০১৪১ ২৮৭ ২০০০", "[phone]"],
  ["۱۲۳۴۵۶۷۸", "[number]"],
];

for (const [text, left] of TAKEN) {
  test(`R34: "${text}" becomes "${left}"`, () => assert.equal(redact(text), left));
}

/** What only looks like it. */
const KEPT = [
  "",
  "housing advice",
  "5.2.3",
  "section 5.2.3 making contact",
  "2011/12",
  "2011-12",
  "2011-2012",
  "2011 2012 2013 2014",
  "1998",
  "census 2011 2021",
  "Single Outcome Agreement for 2011/12",
  "£1,000,000",
  "1000000",
  "24 hours",
  "COVID-19",
  "R&D 50%",
  "Article 3(1)(a)",
  "ISO 9001:2015",
  "version 1.2.3.4",
  "A4 paper",
  "M8 motorway",
  "Theme B",
  "form CH2",
  "5 A Day",
  "top 10 2019",
  "regulation 2016/182",
  "case study Fife",
  "Nghymru",
  "住房",
  "১২ জন",
];

for (const text of KEPT) {
  // Digits of other scripts are written as ours, which says the same.
  const same = text.replace("১২", "12");
  test(`R34: "${text}" stays`, () => assert.equal(redact(text), same));
}

test("R34: redacting twice changes nothing more, and no length takes long", () => {
  for (const [text] of TAKEN) assert.equal(redact(redact(text)), redact(text));
  const begun = performance.now();
  for (const unit of ["0", "0 ", "+0(", "a@", "A1 ", "AB1", "1-", "((((0"]) redact(unit.repeat(200));
  assert.ok(performance.now() - begun < 500);
});
