//! Turns the engine into plain JavaScript, for browsers and policies that refuse WebAssembly.
//!
//! ```text
//!   speir_bg.wasm → wasm-opt (without what came after the first WebAssembly) → wasm2js → glue/engine.js
//! ```
//! Not of the finished wasm, which says nothing of how addresses are aligned: wasm2js would read byte
//! by byte.
//! It is the same engine, so it gives the same answers; `tests/suite` holds every page against Rust's.
//! What wasm2js writes is a module with one instance, whose memory is everybody's. As with the glue
//! (`glue.rs`), its text is put inside a function, so that each index has an engine of its own.
//! Knows the text that one version of wasm2js writes; of any other it says so and stops.

use std::fs;
use std::path::Path;

use anyhow::{Context, Result, bail};

use crate::dist::{NPM, WASM_FEATURES, WASM_PASSES};
use crate::run::{node, root, run, work_dir, write_if_changed};

/// Written anew as what the first WebAssembly had: wasm2js knows no more.
const LOWERING: [&str; 3] = [
    "--llvm-memory-copy-fill-lowering",
    "--signext-lowering",
    "--llvm-nontrapping-fptoint-lowering",
];

/// What is left to wasm2js, and for size. Functions with one caller stay functions, as in the wasm.
const TO_JAVASCRIPT: [&str; 4] = [
    "--mvp-features",
    "--enable-mutable-globals",
    "-Oz",
    "--one-caller-inline-max-function-size=0",
];

/// How the module begins: it imports the glue.
const IMPORT: (&str, &str) = ("import * as ", ";\n");

/// Where the module makes its one instance: from here on nothing is kept.
const INSTANCE: &str = "\nvar retasmFunc = asmFunc({";

/// The types of `glue/engine.js`.
const TYPES: &str = "\
/** Starts an engine with a memory of its own, as `WebAssembly.instantiate` would: its exports. */
export function engine(imports: WebAssembly.Imports): WebAssembly.Exports;
";

/// Writes `engine.js` and its types to the folder of the glue, unless they are of these very bytes.
pub(crate) fn engine(wasm: &Path, glue: &Path) -> Result<()> {
    let bytes = fs::read(wasm).with_context(|| format!("cannot read {}", wasm.display()))?;
    let work = work_dir("plain")?;
    let (done, lowered, written) = (
        work.join("seen"),
        work.join("lowered.wasm"),
        work.join("engine.js"),
    );
    // What was seen is the bytes, and what was done to them.
    let mut seen = [&WASM_PASSES[..], &LOWERING, &TO_JAVASCRIPT]
        .concat()
        .join(" ")
        .into_bytes();
    seen.extend_from_slice(&bytes);
    if !written.is_file() || !fs::read(&done).is_ok_and(|done| done == seen) {
        let mut lower = binaryen("wasm-opt");
        lower.args(WASM_FEATURES).args(WASM_PASSES).args(LOWERING);
        lower.arg(wasm);
        run(lower.arg("-o").arg(&lowered))?;
        let mut write = binaryen("wasm2js");
        run(write
            .args(TO_JAVASCRIPT)
            .arg(&lowered)
            .arg("-o")
            .arg(&written))?;
        fs::write(&done, seen).with_context(|| format!("cannot write {}", done.display()))?;
    }
    let text = fs::read_to_string(&written)
        .with_context(|| format!("cannot read {}", written.display()))?;
    write_if_changed(&glue.join("engine.js"), function(&text)?.as_bytes())?;
    write_if_changed(&glue.join("engine.d.ts"), TYPES.as_bytes())
}

/// A program of binaryen, which npm has installed.
pub(crate) fn binaryen(program: &str) -> std::process::Command {
    let mut command = node();
    command.arg(
        root()
            .join(NPM)
            .join("node_modules/binaryen/bin")
            .join(program),
    );
    command
}

/// The module as a function that gives an instance's exports.
fn function(module: &str) -> Result<String> {
    let (start, end) = IMPORT;
    let Some((_, body)) = module
        .strip_prefix(start)
        .and_then(|rest| rest.split_once(end))
    else {
        return unknown(start);
    };
    let Some((body, _)) = body.split_once(INSTANCE) else {
        return unknown(INSTANCE);
    };
    if body.contains("\nexport ") || body.contains("\nimport ") {
        return unknown("a module that imports and exports at its ends alone");
    }
    Ok(format!(
        "export function engine(imports) {{\n{body}\nreturn asmFunc(imports);\n}}\n"
    ))
}

fn unknown<T>(expected: &str) -> Result<T> {
    bail!(
        "wasm2js writes its JavaScript otherwise than xtask/src/plain.rs knows it; expected: {}",
        expected.trim()
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    const MODULE: &str = "import * as $_speir_bg_js from './speir_bg.js';\n\nvar bufferView;\n\
        function asmFunc(imports) {\n return {};\n}\n\n\
        var retasmFunc = asmFunc({\n  \"./speir_bg.js\": $_speir_bg_js,\n});\n\
        export var memory = retasmFunc.memory;\n";

    #[test]
    fn each_call_makes_an_instance_and_nothing_is_shared_between_two() {
        let text = function(MODULE).expect("a function");
        assert!(text.starts_with("export function engine(imports) {\n\nvar bufferView;"));
        assert!(
            text.ends_with("}\n\nreturn asmFunc(imports);\n}\n"),
            "{text}"
        );
        assert!(!text.contains("import *") && !text.contains("export var"));
    }

    #[test]
    fn another_shape_is_refused_in_words() {
        for (from, to) in [("import * as", "import"), ("retasmFunc", "instance")] {
            let error = function(&MODULE.replace(from, to)).expect_err("refused");
            assert!(error.to_string().contains("expected: "), "{error}");
        }
    }
}
