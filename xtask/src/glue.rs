//! Turns wasm-bindgen's JavaScript into a factory: each call gives an instance of its own.
//!
//! wasm-bindgen keeps one instance for a whole module. An engine that stopped by a fault must be
//! replaceable alone, and a closed index must give its memory back, so the module's text is put
//! inside a function. What loads the wasm is left out, since `npm/src/loader.ts` does that, and so is
//! what gives one object's memory back, since an engine's whole memory goes with it; strings cross by
//! the shortest code, as none is long. That is 0.4 KB of what a page's first search fetches.
//! Knows the text of one version of wasm-bindgen; of any other it says so and stops.

use anyhow::{Result, bail};

/// Where the part that loads the wasm begins: from here on nothing is kept.
const LOADING: &str = "\nasync function __wbg_load(";

const NEEDED: [&str; 3] = [
    "\nfunction __wbg_get_imports() {",
    "\nfunction __wbg_finalize_init(instance, module) {",
    "\nlet wasm;",
];

/// Pieces that are left out or written otherwise: where each begins, what it ends with, and what stands
/// in its place.
const SHORTER: [(&str, &str, &str); 21] = [
    ("\nlet wasmModule, wasmInstance, wasm;", "", "\nlet wasm;"),
    ("\n    wasmInstance = instance;", "", ""),
    ("\n    wasmModule = module;", "", ""),
    ("\n        __proto__: null,", "", ""),
    ("\n        __proto__: null,", "", ""),
    (
        "\n    __destroy_into_raw() {",
        "\n    }\n    free() {",
        "\n    free() {",
    ),
    ("\n    free() {", "\n    }\n", "\n"),
    ("\n            EngineFinalization.register(", ";\n", "\n"),
    ("\nif (Symbol.dispose) ", ";\n", "\n"),
    ("\nconst EngineFinalization = ", ", 1));\n", "\n"),
    (
        "\nfunction passStringToWasm0(",
        "\n}\n",
        "\nfunction passStringToWasm0(text, malloc) {\n    \
         return passArray8ToWasm0(cachedTextEncoder.encode(text), malloc);\n}\n",
    ),
    // A string that could not be put down ends the engine, and its memory with it.
    (
        "\n            try {\n                ptr0 = ",
        "",
        "\n                ptr0 = ",
    ),
    (
        "\n            } catch (e) {",
        "\n                throw e;\n            }\n",
        "\n",
    ),
    // A view is made anew at each use, a few times a query: memory that has grown is another buffer, and
    // that of the plain JavaScript engine does not detach the former one, which a kept view would go by.
    (
        "\nlet cachedDataViewMemory0 = ",
        "\n}\n",
        "\nfunction getDataViewMemory0() {\n    return new DataView(wasm.memory.buffer);\n}\n",
    ),
    (
        "\nlet cachedUint32ArrayMemory0 = ",
        "\n}\n",
        "\nfunction getUint32ArrayMemory0() {\n    return new Uint32Array(wasm.memory.buffer);\n}\n",
    ),
    (
        "\nlet cachedUint8ArrayMemory0 = ",
        "\n}\n",
        "\nfunction getUint8ArrayMemory0() {\n    return new Uint8Array(wasm.memory.buffer);\n}\n",
    ),
    ("\n    cachedDataViewMemory0 = null;", "", ""),
    ("\n    cachedUint32ArrayMemory0 = null;", "", ""),
    ("\n    cachedUint8ArrayMemory0 = null;", "", ""),
    // Safari once could not decode more than 2 GB by one decoder: 100,000 pages of results.
    (
        "\nlet cachedTextDecoder = ",
        "\n}\n",
        "\nconst cachedTextDecoder = new TextDecoder(\"utf-8\", { ignoreBOM: true });\n\
         function decodeText(bytes) {\n    return cachedTextDecoder.decode(bytes);\n}\n",
    ),
    (
        "\nconst cachedTextEncoder = ",
        "\n}\n",
        "\nconst cachedTextEncoder = new TextEncoder();\n",
    ),
];

/// The factory for a module's JavaScript.
pub(crate) fn factory(module: &str) -> Result<String> {
    let Some((body, _)) = module.split_once(LOADING) else {
        return unknown(LOADING);
    };
    let body = &shorter(body)?;
    if let Some(needed) = NEEDED.iter().find(|needed| !body.contains(*needed)) {
        return unknown(needed);
    }
    let classes = classes(body);
    let body = body.replace("\nexport class ", "\nclass ");
    if body.contains("\nexport ") || body.contains("\nimport ") {
        return unknown("a module that exports only classes and imports nothing");
    }
    Ok(format!(
        "export function createGlue() {{\n{body}\nreturn {{ {classes}, imports: __wbg_get_imports(), \
         start(instance) {{ __wbg_finalize_init(instance); }} }};\n}}\n",
        classes = classes.join(", "),
    ))
}

/// The same JavaScript without what is not needed.
fn shorter(body: &str) -> Result<String> {
    let mut body = body.to_owned();
    for (start, end, instead) in SHORTER {
        let Some((before, rest)) = body.split_once(start) else {
            return unknown(start);
        };
        let Some((_, after)) = rest.split_once(end) else {
            return unknown(end);
        };
        body = [before, instead, after].concat();
    }
    Ok(body)
}

/// The factory's types, from those of the module's classes.
pub(crate) fn types(module: &str) -> Result<String> {
    const INIT: &str = "\nexport type InitInput";
    let Some((declared, _)) = module.split_once(INIT) else {
        return unknown(INIT);
    };
    let declared: String = declared
        .split_inclusive('\n')
        .filter(|line| !line.contains("free(): void;") && !line.contains("Symbol.dispose"))
        .collect();
    let members: Vec<String> = classes(&declared)
        .iter()
        .map(|class| format!("    {class}: typeof {class};\n"))
        .collect();
    Ok(format!(
        "{declared}\nexport interface Glue {{\n{}    imports: WebAssembly.Imports;\n    \
         start(instance: WebAssembly.Instance): void;\n}}\n\nexport function createGlue(): Glue;\n",
        members.concat()
    ))
}

fn classes(text: &str) -> Vec<&str> {
    text.lines()
        .filter_map(|line| line.strip_prefix("export class "))
        .filter_map(|rest| rest.split([' ', '{']).next())
        .collect()
}

fn unknown<T>(expected: &str) -> Result<T> {
    bail!(
        "wasm-bindgen writes its JavaScript otherwise than xtask/src/glue.rs knows it; \
         expected: {}",
        expected.trim()
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    const MODULE: &str = "/* types */\n\nexport class Engine {\n    __destroy_into_raw() {\n        \
        gone();\n    }\n    free() {\n        gone();\n    }\n    kept() {\n        \
        try {\n            EngineFinalization.register(gone);\n            return kept;\n        }\n            try {\n                ptr0 = kept;\n            } catch (e) {\n                \
        gone();\n                throw e;\n            }\n    }\n}\n\
        if (Symbol.dispose) gone;\nexport class Request {\n}\n\
        function __wbg_get_imports() {\n        __proto__: null,\n        __proto__: null,\n}\n\
        \nconst EngineFinalization = gone(() => gone(ptr, 1));\n\
        \nfunction passStringToWasm0(arg) {\n    gone();\n}\n\
        \nlet cachedDataViewMemory0 = gone;\nfunction getDataViewMemory0() {\n    gone();\n}\n\
        \nlet cachedUint32ArrayMemory0 = gone;\nfunction getUint32ArrayMemory0() {\n    gone();\n}\n\
        \nlet cachedUint8ArrayMemory0 = gone;\nfunction getUint8ArrayMemory0() {\n    gone();\n}\n\
        \nlet cachedTextDecoder = gone;\nfunction decodeText(bytes) {\n    gone();\n}\n\
        \nconst cachedTextEncoder = gone;\nif (gone) {\n    gone();\n}\nlet wasmModule, wasmInstance, wasm;\n\
        function __wbg_finalize_init(instance, module) {\n    wasmInstance = instance;\n    wasmModule = module;\n    \
        cachedDataViewMemory0 = null;\n    cachedUint32ArrayMemory0 = null;\n    cachedUint8ArrayMemory0 = null;\n}\n\n\
        async function __wbg_load(module, imports) {\n}\nexport { initSync, __wbg_init as default };\n";

    #[test]
    fn a_module_becomes_a_function_that_gives_its_classes() {
        let text = factory(MODULE).expect("a factory");
        assert!(text.starts_with("export function createGlue() {"));
        assert!(text.contains("return { Engine, Request, imports: __wbg_get_imports()"));
        assert!(!text.contains("__wbg_load") && !text.contains("\nexport "));
        assert!(
            !text.contains("gone")
                && !text.contains(" = null;")
                && text.contains("            return kept;"),
            "{text}"
        );
    }

    #[test]
    fn another_shape_is_refused_in_words() {
        let error = factory(&MODULE.replace("__wbg_get_imports", "imports")).expect_err("refused");
        assert!(
            error
                .to_string()
                .contains("expected: function __wbg_get_imports"),
            "{error}"
        );
    }

    #[test]
    fn types_name_the_same_classes() {
        let text =
            types("export class Engine {\n  free(): void;\n}\n\nexport type InitInput = string;\n")
                .expect("types");
        assert!(text.contains("Engine: typeof Engine;") && text.contains("createGlue(): Glue;"));
        assert!(!text.contains("InitInput") && !text.contains("free"));
    }
}
