//! `cargo xtask`: everything that is done to the project from outside. `cargo xtask help` lists it.

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

  up [-- ARGS]      tools, dashboard, server: then runs `offercast up ARGS` until Ctrl-C
  test [PART ...]   everything that has to pass, or only these parts; `test --list` names them
  lint              the quick parts of `test`: formatting and clippy
  sqlx              renews .sqlx, against which the queries are compiled
  web               builds the dashboard into frontend/dist
  bench             times the import and the dashboard at 10,000 and at 1,000,000 redemptions
  prove             ten minutes of full load while processes die, then every answer is held against the ledger;
                    --seconds N, --seed N
  fuzz [TARGET ...] searches for inputs that break what reads them: --seconds N (60) in all; --renew writes the
                    corpus anew
  bench redeem      redemptions per second beside what SQL alone does
  bench forecast [--offers N] [FOLDER]
                    scores of the forecasts on the series of a folder, times, and a night of 100,000 offers
  bench live        how far behind 500 open dashboards are while their offers are redeemed
  screenshots       photographs every page of a running server into docs/screenshots/all
  measure           times first visits to a running server into docs/first-visit.md
  help              this text";

fn main() -> ExitCode {
    // As cargo's wrapper around rustc we must be nothing but rustc: see sqlx.rs and fuzz.rs.
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
        other => Err(format!("there is no command `{other}`; `cargo xtask help` lists them").into()),
    }
}

/// `up -- --empty` and `up --empty` mean the same.
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
    fn dashes_before_the_arguments_may_be_left_out() {
        let arguments = |text: &str| text.split(' ').map(str::to_owned).collect::<Vec<_>>();
        assert_eq!(after_dashes(&arguments("-- --empty")), ["--empty"]);
        assert_eq!(after_dashes(&arguments("--empty --")), ["--empty", "--"]);
        assert!(after_dashes(&[]).is_empty());
    }
}
