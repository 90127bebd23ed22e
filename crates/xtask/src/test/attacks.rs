use super::rust;
use crate::process::{cargo, run};
use crate::ui::Result;

pub fn all() -> Result<()> {
    let program = rust::server_program()?;
    let mut attacker = cargo();
    attacker.args([
        "test",
        "--quiet",
        "--package",
        "offercast-tests",
        "--test",
        "attacks",
        "--",
        "--program",
    ]);
    run(attacker.arg(program))
}
