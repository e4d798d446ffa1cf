//! Finds Chromium, or installs Debian's where that is possible.

use std::path::PathBuf;
use std::process::Command;

use anyhow::{Result, bail};

use crate::run::{run, works};

/// The environment variable by which a person names the browser, and by which the tests are told.
pub(crate) const VARIABLE: &str = "SPEIR_CHROMIUM";

const NAMES: [&str; 4] = [
    "chromium",
    "chromium-browser",
    "google-chrome-stable",
    "google-chrome",
];

/// The browser's path; installs it by apt where it is missing and apt may be used.
pub(crate) fn chromium() -> Result<PathBuf> {
    if let Some(path) = find() {
        return Ok(path);
    }
    let sudo = !is_root();
    if works(Command::new("apt-get").arg("--version")) && (!sudo || may_sudo()) {
        apt(sudo, &["update"])?;
        apt(
            sudo,
            &["install", "--yes", "--no-install-recommends", "chromium"],
        )?;
        if let Some(path) = find() {
            return Ok(path);
        }
    }
    bail!(
        "Chromium is missing: install it (on Debian, `apt-get install chromium`), \
         or set {VARIABLE} to the path of Chromium or Chrome"
    )
}

fn find() -> Option<PathBuf> {
    if let Some(path) = std::env::var_os(VARIABLE).map(PathBuf::from) {
        return path.is_file().then_some(path);
    }
    let path = std::env::var_os("PATH")?;
    NAMES
        .iter()
        .flat_map(|name| std::env::split_paths(&path).map(move |folder| folder.join(name)))
        .find(|candidate| candidate.is_file())
}

fn apt(sudo: bool, args: &[&str]) -> Result<()> {
    let mut command = Command::new(if sudo { "sudo" } else { "apt-get" });
    if sudo {
        command.args(["--non-interactive", "apt-get"]);
    }
    run(command.args(args).env("DEBIAN_FRONTEND", "noninteractive"))
}

fn is_root() -> bool {
    let id = Command::new("id").arg("-u").output();
    id.is_ok_and(|id| id.stdout.trim_ascii() == b"0")
}

fn may_sudo() -> bool {
    works(Command::new("sudo").args(["--non-interactive", "true"]))
}
