//! The executable. It reads the settings, which no other crate does; each command combines the other crates in a few
//! lines.

mod cli;
mod commands;
mod database;
mod logging;
mod service_links;
mod settings;
mod signals;

use std::process::ExitCode;

use clap::Parser;
use mimalloc::MiMalloc;
use offercast_app::csv_file::InputError;
use offercast_app::import::ImportError;

use crate::cli::{Cli, Command};
use crate::settings::Settings;

/// A request makes about a hundred small allocations on one thread, and some are freed on another. mimalloc is faster
/// at that than glibc's allocator.
#[global_allocator]
static ALLOCATOR: MiMalloc = MiMalloc;

/// The exit code for invalid arguments, settings or input files. Nothing was changed.
const BAD_INPUT: u8 = 2;

fn main() -> ExitCode {
    let cli = Cli::parse();
    match run(cli) {
        Ok(code) => code,
        Err(error) => {
            eprintln!("offercast: {error:#}");
            ExitCode::from(exit_code(&error))
        }
    }
}

fn exit_code(error: &anyhow::Error) -> u8 {
    let bad_input = error.is::<settings::WrongSetting>()
        || error.is::<commands::forecast::InvalidArgument>()
        || error.is::<InputError>()
        || matches!(error.downcast_ref(), Some(offercast_app::Error::Invalid(_)))
        || matches!(error.downcast_ref(), Some(ImportError::Input(_)));
    if bad_input { BAD_INPUT } else { 1 }
}

fn run(cli: Cli) -> anyhow::Result<ExitCode> {
    let settings = Settings::read(&cli)?;
    logging::start(&settings, cli.command.is_server())?;
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    runtime.block_on(async {
        match cli.command {
            Command::Up { empty, .. } => commands::up::run(&settings, empty).await,
            Command::Api { .. } => commands::api::run(&settings).await,
            Command::Worker { listen } => commands::worker::run(&settings, listen).await,
            Command::Migrate { .. } => commands::migrate::run(&settings).await,
            Command::Import(arguments) => commands::import::run(&settings, &arguments).await,
            Command::Forecast(arguments) => commands::forecast::run(&arguments),
            Command::Verify { .. } => return commands::verify::run(&settings).await,
            Command::Openapi => commands::openapi::run(),
            Command::Keys(arguments) => commands::keys::run(&settings, &arguments.action).await,
            Command::Users(arguments) => commands::users::run(&settings, &arguments.action).await,
        }?;
        Ok(ExitCode::SUCCESS)
    })
}
