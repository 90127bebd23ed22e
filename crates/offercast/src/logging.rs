use std::io::IsTerminal;

use tracing_subscriber::EnvFilter;

use crate::settings::{LogFormat, Settings, WrongSetting};

/// Starts logging to standard error. By default, servers log at level info and other commands at level warn.
pub fn start(settings: &Settings, is_server: bool) -> Result<(), WrongSetting> {
    let default =
        if is_server { "info,sqlx=warn,apalis=warn,apalis_postgres=warn,apalis_core=warn" } else { "warn" };
    let text = settings.log.as_deref().unwrap_or(default);
    let filter = EnvFilter::try_new(text).map_err(|_| {
        WrongSetting(format!(
            "log (OFFERCAST_LOG): {text:?} is not a filter such as info or offercast_api=debug"
        ))
    })?;
    let builder = tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr);
    match settings.log_format {
        LogFormat::Text => builder.with_ansi(std::io::stderr().is_terminal()).init(),
        LogFormat::Json => {
            builder.json().flatten_event(true).with_current_span(false).with_span_list(false).init();
        }
    }
    Ok(())
}
