//! `cargo xtask`: the project's development commands. `cargo xtask help` lists them.

mod bench;
mod database;
mod fuzz;
mod places;
mod process;
mod prove;
mod server;
mod sqlx;
mod test;
mod tools;
mod ui;
mod up;
mod web;

use std::process::ExitCode;

use ui::Result;

const HELP: &str = "\
cargo xtask COMMAND

  up [-- ARGS]      installs tools, builds dashboard and server, and runs `offercast up ARGS` until Ctrl-C
  test [PART ...]   runs all checks, or only these parts; `test --list` lists them
  lint              runs the quick parts of `test`: formatting and clippy
  sqlx              regenerates .sqlx, which the queries are compiled against
  web               builds the dashboard into frontend/dist
  bench             measures the import and the dashboard with 10,000 and with 1,000,000 redemptions
  bench redeem [--seconds N]
                    measures redemptions per second, compared with plain SQL; then an endurance test of N seconds
  bench forecast [--offers N] [FOLDER]
                    measures the accuracy and time of forecasts, and a nightly run of 100,000 offers
  bench live        measures the delay of 500 open dashboards while their offers are redeemed
  prove [--seconds N] [--seed N]
                    ten minutes of full load with killed processes, then compares every response with the ledger
  fuzz [--seconds N] [--renew] [TARGET ...]
                    searches for inputs that break a parser, for 60 seconds in total; --renew rebuilds the corpus
  screenshots [URL] takes screenshots of every page of a running server, in docs/screenshots/all
  measure [URL]     measures first visits to a running server, in docs/first-visit.md
  help              prints this text";

fn main() -> ExitCode {
    // When cargo calls this program as its wrapper, it must only run rustc: see sqlx.rs and fuzz.rs.
    if let Some(code) = sqlx::as_wrapper().or_else(fuzz::as_wrapper) {
        return code;
    }
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    match run(&arguments) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("\nxtask: {error}");
            ExitCode::FAILURE
        }
    }
}

fn run(arguments: &[String]) -> Result<()> {
    let (command, rest) =
        arguments.split_first().map_or(("help", arguments), |(command, rest)| (command.as_str(), rest));
    match command {
        "up" => up::up(after_dashes(rest)),
        "test" => test::test(rest),
        "lint" => test::lint(),
        "sqlx" => sqlx::renew(),
        "web" => web::build(),
        "bench" => bench::bench(rest),
        "prove" => prove::prove(rest),
        "fuzz" => fuzz::fuzz(rest),
        "screenshots" => test::screenshots(rest),
        "measure" => test::measure(rest),
        "help" | "--help" | "-h" => {
            println!("{HELP}");
            Ok(())
        }
        other => Err(format!("unknown command `{other}`; `cargo xtask help` lists all commands").into()),
    }
}

/// Removes a leading `--`: `up -- --empty` and `up --empty` are the same.
fn after_dashes(arguments: &[String]) -> &[String] {
    match arguments.split_first() {
        Some((first, rest)) if first == "--" => rest,
        _ => arguments,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dashes_before_the_arguments_are_optional() {
        let arguments = |text: &str| text.split(' ').map(str::to_owned).collect::<Vec<_>>();
        assert_eq!(after_dashes(&arguments("-- --empty")), ["--empty"]);
        assert_eq!(after_dashes(&arguments("--empty --")), ["--empty", "--"]);
        assert!(after_dashes(&[]).is_empty());
    }
}
