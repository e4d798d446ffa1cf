//! `cargo xtask shots`: pictures of every example page, in every state, width and medium.
//!
//! For people to look at; nothing is compared. Which states there are is the browser tests' to say.

use std::path::Path;

use anyhow::{Context, Result};

use crate::chromium::{VARIABLE, chromium};
use crate::demo::{self, BROWSER_TESTS};
use crate::dist;
use crate::run::{node, npm, run, speir, target_dir};
use crate::tools;

/// The example whose sheets are packages of others.
pub(crate) const DESIGN_SYSTEMS: &str = "examples/design-systems";

/// Builds everything, then takes the pictures whose names have `part` in them.
pub(crate) fn shots(part: Option<&str>) -> Result<()> {
    dist::dist()?;
    demo::index_example()?;
    design_systems()?;
    tools::npm_packages(BROWSER_TESTS)?;
    let chromium = chromium()?;
    let folder = target_dir()?.join("shots");
    std::fs::create_dir_all(&folder)
        .with_context(|| format!("cannot make {}", folder.display()))?;
    run(node()
        .arg(Path::new("xtask/src/shots.mjs"))
        .arg(&folder)
        .args(part)
        .env(VARIABLE, chromium))
}

/// Builds the pages of the design systems, with the packages that they need.
pub(crate) fn design_systems() -> Result<()> {
    tools::npm_packages(DESIGN_SYSTEMS)?;
    run(npm(DESIGN_SYSTEMS)
        .args(["run", "--silent", "build"])
        .env("SPEIR_COMMAND", speir()?.get_program()))
}
