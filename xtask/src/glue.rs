//! Turns wasm-bindgen's JavaScript into a factory: each call gives an instance of its own.
//!
//! wasm-bindgen keeps one instance for a whole module. An engine that stopped by a fault must be
//! replaceable alone, and a closed index must give its memory back, so the module's text is put
//! inside a function. What loads the wasm is left out, since `npm/src/loader.ts` does that.
//! Knows the text of one version of wasm-bindgen; of any other it says so and stops.

use anyhow::{Result, bail};

/// Where the part that loads the wasm begins: from here on nothing is kept.
const LOADING: &str = "\nasync function __wbg_load(";

const NEEDED: [&str; 3] = [
    "\nfunction __wbg_get_imports() {",
    "\nfunction __wbg_finalize_init(instance, module) {",
    "\nlet wasmModule, wasmInstance, wasm;",
];

/// The factory for a module's JavaScript.
pub(crate) fn factory(module: &str) -> Result<String> {
    let Some((body, _)) = module.split_once(LOADING) else {
        return unknown(LOADING);
    };
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

/// The factory's types, from those of the module's classes.
pub(crate) fn types(module: &str) -> Result<String> {
    const INIT: &str = "\nexport type InitInput";
    let Some((declared, _)) = module.split_once(INIT) else {
        return unknown(INIT);
    };
    let members: Vec<String> = classes(declared)
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

    const MODULE: &str = "/* types */\n\nexport class Engine {\n}\nexport class Request {\n}\n\
        function __wbg_get_imports() {\n}\nlet wasmModule, wasmInstance, wasm;\n\
        function __wbg_finalize_init(instance, module) {\n}\n\n\
        async function __wbg_load(module, imports) {\n}\nexport { initSync, __wbg_init as default };\n";

    #[test]
    fn a_module_becomes_a_function_that_gives_its_classes() {
        let text = factory(MODULE).expect("a factory");
        assert!(text.starts_with("export function createGlue() {"));
        assert!(text.contains("return { Engine, Request, imports: __wbg_get_imports()"));
        assert!(!text.contains("__wbg_load") && !text.contains("\nexport "));
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
            types("export class Engine {\n}\n\nexport type InitInput = string;\n").expect("types");
        assert!(text.contains("Engine: typeof Engine;") && text.contains("createGlue(): Glue;"));
        assert!(!text.contains("InitInput"));
    }
}
