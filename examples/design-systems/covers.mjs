// Draws a cover for each record: a coloured page with a shape by its type and bars by its title.
//
// Ours, so that a copy may be served by anybody. The same record has the same cover.

const COLOURS = {
  toolkit: ["#0b4f5c", "#8fd3c8"],
  report: ["#2a2f6b", "#c3c7f2"],
  briefing: ["#6b2a3f", "#f2c3cf"],
  infographic: ["#7a4a00", "#ffd98a"],
  article: ["#2f4a1f", "#cfe6b8"],
  flyer: ["#5a1f6b", "#e6c3f2"],
  presentation: ["#1f3f6b", "#b8d4f2"],
  website: ["#3a3a3a", "#d9d9d9"],
  guide: ["#004c4c", "#a8e0e0"],
};

const SHAPES = [
  '<circle cx="96" cy="96" r="44"/>',
  '<path d="M96 44l52 104H44z"/>',
  '<path d="M52 52h88v88H52z"/>',
  '<path d="M44 140V96h26v44zm39 0V52h26v88zm39 0V76h26v64z"/>',
  '<path d="M48 96a48 48 0 0 1 96 0zM48 112h96v24H48z"/>',
];

/** The cover of a record as SVG, three by four. */
export function coverOf({ title, type }) {
  const [dark, light] = COLOURS[type] ?? ["#404b52", "#d5dce0"];
  let sum = 7;
  for (const sign of title) sum = (sum * 31 + sign.codePointAt(0)) % 9973;
  const bars = title
    .split(/\s+/)
    .slice(0, 3)
    .map((word, at) => `<path d="M24 ${190 + at * 18}h${Math.min(144, 30 + word.length * 12)}v8H24z"/>`);
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 192 256" width="192" height="256">
<path fill="${dark}" d="M0 0h192v256H0z"/>
<g fill="${light}">${SHAPES[sum % SHAPES.length]}</g>
<g fill="#fff">${bars.join("")}</g>
</svg>
`;
}
