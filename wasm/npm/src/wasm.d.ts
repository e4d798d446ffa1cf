// What a script gets that imports wasm: what the bundler, or the runtime, makes of it.

declare module "*.wasm" {
  const wasm: unknown;
  export default wasm;
}
