use std::io::IsTerminal;

use tracing_subscriber::EnvFilter;

use crate::settings::{LogFormat, Settings, WrongSetting};

/// actix-http logs every malformed request as an error, so that whoever reaches the port could fill the log. The API
/// logs failures of connections itself. A filter with a level for `actix_http` replaces this one.
const DEFAULT_DIRECTIVE: &str = "actix_http=off";

/// Starts logging to standard error. By default, servers log at level info and other commands at level warn.
pub fn start(settings: &Settings, is_server: bool) -> Result<(), WrongSetting> {
    let default =
        if is_server { "info,sqlx=warn,apalis=warn,apalis_postgres=warn,apalis_core=warn" } else { "warn" };
    let text = settings.log.as_deref().filter(|text| !text.is_empty()).unwrap_or(default);
    let builder = tracing_subscriber::fmt().with_env_filter(filter(text)?).with_writer(std::io::stderr);
    match settings.log_format {
        LogFormat::Text => builder.with_ansi(std::io::stderr().is_terminal()).init(),
        LogFormat::Json => {
            builder.json().flatten_event(true).with_current_span(false).with_span_list(false).init();
        }
    }
    Ok(())
}

fn filter(text: &str) -> Result<EnvFilter, WrongSetting> {
    // Of two levels for one module, the last one applies.
    EnvFilter::try_new(format!("{DEFAULT_DIRECTIVE},{text}")).map_err(|_| {
        WrongSetting(format!(
            "log (OFFERCAST_LOG): {text:?} is not a filter such as info or offercast_api=debug"
        ))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_setting_overrides_the_level_of_actix_http() {
        let shown = |text| filter(text).unwrap().to_string();
        assert_eq!(shown("debug"), "actix_http=off,debug");
        assert_eq!(shown("info,actix_http=warn"), "actix_http=warn,info");
    }
}
