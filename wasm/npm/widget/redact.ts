// Takes out of a query what may say who somebody is, before a host's own statistics see it.
//
// Knows e-mail addresses, telephone numbers, UK postcodes, National Insurance numbers and long rows
// of digits. Knows no names of people: what is left may still be personal, and is for the host to
// treat so. Leaves section numbers (5.2.3), years (2011/12) and amounts with commas alone.

/** What is put in the place of what was taken out. */
export const REDACTED = {
  email: "[email]",
  phone: "[phone]",
  postcode: "[postcode]",
  insurance: "[ni-number]",
  number: "[number]",
} as const;

/** Digits from which on a number may be somebody's: an account's, a case's, a card's. */
const MIN_LONG_DIGITS = 8;

/** A year, in which a row of years has nothing to hide. */
const YEAR = "(?:1[89]|20)\\d\\d";

/** The patterns in the order in which they are looked for: what one takes, the next does not see. */
const PATTERNS: readonly (readonly [RegExp, string])[] = [
  // Anything around an @ that a server could be asked for; better too much than a name.
  [/[^\s@"'<>(),;]+@[^\s@"'<>(),;]+/gu, REDACTED.email],
  // Two letters, six digits, a letter (HMRC manual NIM39110), also with letters that none begins with:
  // forms give QQ 12 34 56 C as an example.
  [/(?<![\p{L}\p{N}])[A-Z]{2}[\s-]?(?:\d\d[\s-]?){3}[A-D](?![\p{L}\p{N}])/giu, REDACTED.insurance],
  // The forms of BS 7666: area, district, and the three that name a street. GIR 0AA stands alone.
  [
    /(?<![\p{L}\p{N}])(?:GIR\s?0AA|[A-PR-UWYZ](?:\d{1,2}|[A-HK-Y]\d{1,2}|\d[A-HJKPSTUW]|[A-HK-Y]\d[ABEHMNPRVWXY])\s?\d[ABD-HJLNP-UW-Z]{2})(?![\p{L}\p{N}])/giu,
    REDACTED.postcode,
  ],
  // International, E.164: a plus or 00, and 7 to 15 digits, however they are set apart.
  [/(?<![\p{L}\p{N}])(?:\+|00)\s?(?:\(?\d\)?[\s.()/-]{0,2}){6,14}\d(?![\p{L}\p{N}])/gu, REDACTED.phone],
  // Within the UK: a 0 that begins 01, 02, 03, 05, 07, 08 or 09, and 10 or 11 digits in all.
  [/(?<![\p{L}\p{N}])\(?0[1-357-9](?:[\s.()-]{0,2}\d){8,9}(?![\p{L}\p{N}])/gu, REDACTED.phone],
];

/** A row of digits in groups, with a single mark or space between. */
const DIGITS = /(?<![\p{L}\p{N}.])\d(?:[\s-]?\d){7,}(?![\p{L}\p{N}])/gu;

/** Arabic, Persian, Devanagari, Bengali and Gurmukhi: the first two begin at a sixteenth, the others six after. */
const OTHER_DIGITS = /[\u0660-\u0669\u06f0-\u06f9\u0966-\u096f\u09e6-\u09ef\u0a66-\u0a6f]/g;

const YEARS = new RegExp(`^${YEAR}(?:[\\s-]${YEAR})*$`);

/** The text without what may say who somebody is. */
export function redact(text: string): string {
  // Wide letters are read as narrow ones, and digits of other scripts as ours.
  let left = text.normalize("NFKC").replace(OTHER_DIGITS, (digit) => {
    const code = digit.charCodeAt(0);
    return String((code & 15) - (code < 0x900 ? 0 : 6));
  });
  for (const [pattern, name] of PATTERNS) left = left.replace(pattern, name);
  return left.replace(DIGITS, (row) => {
    const n = row.replace(/\D/g, "").length;
    return n < MIN_LONG_DIGITS || YEARS.test(row) ? row : REDACTED.number;
  });
}
