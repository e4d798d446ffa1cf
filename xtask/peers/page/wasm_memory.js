// Remembers every wasm memory of this page or worker, so that its size can be asked.
//
// Runs before the engine. A classic script, as a worker's may be one.

(() => {
  const memories = new Set();
  const note = (made) => {
    for (const one of Object.values((made.instance ?? made).exports)) {
      if (one instanceof WebAssembly.Memory) memories.add(one);
    }
    return made;
  };
  for (const name of ["instantiate", "instantiateStreaming"]) {
    const plain = WebAssembly[name];
    WebAssembly[name] = async (...args) => note(await plain.apply(WebAssembly, args));
  }
  WebAssembly.Instance = new Proxy(WebAssembly.Instance, {
    construct: (plain, args) => note(new plain(...args)),
  });
  globalThis.wasmBytes = () => [...memories].reduce((sum, memory) => sum + memory.buffer.byteLength, 0);
})();
