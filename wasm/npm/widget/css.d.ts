// A style sheet that a script brings along: `bundle.mjs` gives its text, without what nobody needs.

declare module "*.css" {
  const text: string;
  export default text;
}
