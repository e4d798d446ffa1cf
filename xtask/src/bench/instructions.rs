//! `cargo xtask bench instructions`: counts of instructions.
use anyhow::Result;
pub(super) fn instructions() -> Result<()> {
    Ok(())
}
