use std::process::Output;

use serde_json::Value;

use crate::support::{Database, Program, World};

async fn run(database: Option<&Database>, arguments: &[&str]) -> Output {
    Program::command(database, arguments).output().await.unwrap()
}

fn stderr(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).trim().to_owned()
}

#[tokio::test(flavor = "multi_thread")]
async fn migrate_import_and_verify_on_an_external_database() {
    let database = Database::without_schema().await;
    // Two processes at the same time.
    let (one, two) = tokio::join!(run(Some(&database), &["migrate"]), run(Some(&database), &["migrate"]));
    assert!(one.status.success() && two.status.success(), "{} {}", stderr(&one), stderr(&two));
    let root = concat!(env!("CARGO_MANIFEST_DIR"), "/..");
    let offers = format!("{root}/examples/offers.csv");
    let redemptions = format!("{root}/examples/redemptions.csv");
    let imported =
        run(Some(&database), &["import", "--offers", &offers, "--redemptions", &redemptions]).await;
    assert!(imported.status.success(), "{}", stderr(&imported));
    let printed = String::from_utf8(imported.stdout).unwrap();
    let report: Value = serde_json::from_str(printed.lines().last().unwrap()).unwrap();
    assert_eq!((&report["offers"], &report["redemptions"]), (&100.into(), &11_759.into()));
    assert_eq!(run(Some(&database), &["verify"]).await.status.code(), Some(0));
    database.execute("update offer_counters set redeemed = redeemed + 1 where offer_id = 1").await;
    let damaged = run(Some(&database), &["verify"]).await;
    assert_eq!(damaged.status.code(), Some(1));
    assert!(String::from_utf8_lossy(&damaged.stdout).contains("CAMP-01: counters (redeemed, spent)"));
}

#[tokio::test(flavor = "multi_thread")]
async fn invalid_input_exits_with_2_and_a_one_line_message() {
    let world = World::new().await;
    for (arguments, message) in [
        (&["import", "--offers", "/nowhere.csv"][..], "/nowhere.csv: cannot be opened"),
        (&["import", "--offers", "/dev/null"], "/dev/null, line 1: the column code is missing"),
        (
            &[
                "forecast",
                "--series",
                "/dev/null",
                "--origins",
                "/dev/null",
                "--out",
                "/tmp/x",
                "--model",
                "magic",
            ],
            "--model: unknown model \"magic\"; models are auto, moving_average_7,",
        ),
        (
            &["forecast", "--series", "/dev/null", "--origins", "/dev/null", "--out", "/tmp/x"],
            "/dev/null, line 1: the column series_id is missing",
        ),
    ] {
        let output = run(Some(&world.database), arguments).await;
        assert_eq!(output.status.code(), Some(2), "{arguments:?}: {}", stderr(&output));
        assert!(
            stderr(&output).contains(message) && stderr(&output).lines().count() == 1,
            "{}",
            stderr(&output)
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_invalid_setting_prevents_the_start_and_is_named() {
    for (name, value, message) in [
        ("OFFERCAST_POOL_SIZE", "0", "OFFERCAST_POOL_SIZE"),
        ("OFFERCAST_POOL_SIZE", "many", "pool_size"),
        ("OFFERCAST_LISTEN", "here", "listen"),
        ("OFFERCAST_LOG_FORMAT", "xml", "log_format"),
        ("OFFERCAST_PORT", "80", "port"),
        ("DATABASE_URL", "mysql://localhost", "DATABASE_URL"),
        ("DATABASE_URL", "postgres://host:port/x", "DATABASE_URL"),
        ("OFFERCAST_LOG", "[", "OFFERCAST_LOG"),
        ("OFFERCAST_HOSTS", "good.example,bad.example:80", "hosts (OFFERCAST_HOSTS): `bad.example:80`"),
        ("OFFERCAST_TRUSTED_PROXIES", "10/8", "trusted_proxies (OFFERCAST_TRUSTED_PROXIES): `10/8`"),
        ("OFFERCAST_CODE_KEYS", "1:0123,2:4567", "code_keys (OFFERCAST_CODE_KEYS) must be a list of ID:KEY"),
        ("OFFERCAST_HEAD_TIMEOUT", "0", "head_timeout (OFFERCAST_HEAD_TIMEOUT) must be from 1 to 3600"),
        ("OFFERCAST_MAX_CONNECTIONS", "0", "OFFERCAST_MAX_CONNECTIONS"),
        ("OFFERCAST_CONFIG", "/nowhere.toml", "/nowhere.toml"),
    ] {
        let output = Program::command(None, &["api"]).env(name, value).output().await.unwrap();
        assert_eq!(output.status.code(), Some(2), "{name}: {}", stderr(&output));
        assert!(stderr(&output).contains(message), "{name}: {}", stderr(&output));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_error_in_the_file_of_settings_does_not_show_its_text() {
    let file = std::env::temp_dir().join(format!("offercast-settings-{}.toml", std::process::id()));
    for text in ["code_keys = [\"1:5ec7e7\n", "code_keys = 1:5ec7e7\n", "code_keys = { a = \"5ec7e7\" }\n"] {
        std::fs::write(&file, text).unwrap();
        let output = Program::command(None, &["api"]).env("OFFERCAST_CONFIG", &file).output().await.unwrap();
        assert_eq!(output.status.code(), Some(2), "{}", stderr(&output));
        assert!(!stderr(&output).contains("5ec7e7"), "{}", stderr(&output));
    }
    std::fs::remove_file(&file).unwrap();
}

/// Variables that Kubernetes sets in pods for a service named `offercast`.
const SERVICE_LINKS: [(&str, &str); 7] = [
    ("OFFERCAST_SERVICE_HOST", "10.0.0.1"),
    ("OFFERCAST_SERVICE_PORT", "8080"),
    ("OFFERCAST_SERVICE_PORT_HTTP", "8080"),
    ("OFFERCAST_PORT", "tcp://10.0.0.1:8080"),
    ("OFFERCAST_PORT_8080_TCP", "tcp://10.0.0.1:8080"),
    ("OFFERCAST_PORT_8080_TCP_ADDR", "10.0.0.1"),
    ("OFFERCAST_PORT_8080_TCP_PROTO", "tcp"),
];

#[tokio::test(flavor = "multi_thread")]
async fn service_links_of_kubernetes_are_ignored() {
    let database = Database::new().await;
    let output = Program::command(Some(&database), &["verify"]).envs(SERVICE_LINKS).output().await.unwrap();
    assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
    let mut typo = Program::command(Some(&database), &["verify"]);
    let output = typo.envs(SERVICE_LINKS).env("OFFERCAST_LISTEM", "127.0.0.1:1").output().await.unwrap();
    assert_eq!(output.status.code(), Some(2));
    assert!(stderr(&output).contains("listem"), "{}", stderr(&output));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_role_without_a_database_prints_what_to_do() {
    for role in ["api", "worker"] {
        let output = run(None, &[role]).await;
        assert_eq!(output.status.code(), Some(1));
        assert!(stderr(&output).contains("DATABASE_URL is not set"), "{}", stderr(&output));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn series_are_forecast_from_csv() {
    let folder = std::env::temp_dir().join(format!("offercast-forecast-{}", std::process::id()));
    std::fs::create_dir_all(&folder).unwrap();
    let path = |name: &str| folder.join(name).to_str().unwrap().to_owned();
    // The missing 3rd counts as 0; rows after the origin are ignored.
    std::fs::write(
        path("series.csv"),
        "series_id,date,y\ns,2026-01-01,4\ns,2026-01-02,2\ns,2026-01-04,6\ns,2026-01-05,99\n",
    )
    .unwrap();
    std::fs::write(path("origins.csv"), "series_id,origin,n_history\ns,2026-01-04,4\n").unwrap();
    let (series, origins, out) = (path("series.csv"), path("origins.csv"), path("out.csv"));
    let totals = path("totals.csv");
    let arguments = [
        "forecast",
        "--series",
        &series,
        "--origins",
        &origins,
        "--out",
        &out,
        "--horizon",
        "2",
        "--model",
        "moving_average_7",
        "--totals",
        &totals,
    ];
    let output = run(None, &arguments).await;
    assert!(output.status.success(), "{}", stderr(&output));
    let written = std::fs::read_to_string(&out).unwrap();
    let lines: Vec<_> = written.lines().collect();
    assert_eq!(lines[0], "series_id,origin,h,mean,lo80,hi80,lo95,hi95");
    assert!(lines[1].starts_with("s,2026-01-04,1,3,"), "{written}");
    assert!(lines[2].starts_with("s,2026-01-04,2,3,"), "{written}");
    assert_eq!(lines.len(), 3);
    let sums = std::fs::read_to_string(&totals).unwrap();
    assert!(sums.starts_with("series_id,origin,mean,lo80,hi80,lo95,hi95\ns,2026-01-04,6,"), "{sums}");
    assert_eq!(sums.lines().count(), 2);
    // The default model also accepts such a short history.
    let output = run(None, &arguments[..9]).await;
    assert!(output.status.success(), "{}", stderr(&output));
    let output = run(None, &arguments).await;
    assert!(output.status.success(), "{}", stderr(&output));

    // An origin of a missing series: the old output files are not changed.
    std::fs::write(path("origins.csv"), "series_id,origin\ns,2026-01-04\nt,2026-01-04\n").unwrap();
    let output = run(None, &arguments).await;
    assert_eq!(output.status.code(), Some(2));
    assert!(
        stderr(&output).contains("origins.csv, line 3: series_id: the series file has no series \"t\""),
        "{}",
        stderr(&output)
    );
    assert_eq!(std::fs::read_to_string(&out).unwrap(), written);
    assert_eq!(std::fs::read_to_string(&totals).unwrap(), sums);
    let names = std::fs::read_dir(&folder).unwrap().map(|entry| entry.unwrap().file_name());
    assert!(names.into_iter().all(|name| !name.to_string_lossy().ends_with(".unfinished")));

    // The error for a duplicate day has its line.
    std::fs::write(path("series.csv"), "series_id,date,y\ns,2026-01-01,4\ns,2026-01-01,2\n").unwrap();
    let output = run(None, &arguments).await;
    assert_eq!(output.status.code(), Some(2));
    assert!(stderr(&output).contains("series.csv, line 3: date: series \"s\" has 2026-01-01 twice"));
}

/// Creates a folder with a file of series; returns it with the arguments to forecast them.
fn series(name: &str, rows: &str) -> (std::path::PathBuf, Vec<String>) {
    let folder = std::env::temp_dir().join(format!("offercast-forecast-{}-{name}", std::process::id()));
    std::fs::create_dir_all(&folder).unwrap();
    std::fs::write(folder.join("series.csv"), format!("series_id,date,y\n{rows}")).unwrap();
    std::fs::write(folder.join("origins.csv"), "series_id,origin\ns,2026-01-03\n").unwrap();
    let path = |name: &str| folder.join(name).to_str().unwrap().to_owned();
    let arguments = [
        "forecast",
        "--model",
        "moving_average_7",
        "--series",
        &path("series.csv"),
        "--origins",
        &path("origins.csv"),
        "--out",
        &path("out.csv"),
    ];
    let arguments = arguments.map(str::to_owned).to_vec();
    (folder, arguments)
}

#[tokio::test(flavor = "multi_thread")]
async fn invalid_values_of_a_series_are_rejected_with_their_line() {
    for (n, y) in ["1e308", "1.1e15", "inf", "NaN", "-1", "1_000", "ten", ""].into_iter().enumerate() {
        let (folder, arguments) =
            series(&format!("bad-{n}"), &format!("s,2026-01-01,4\r\ns,2026-01-02,{y}\r\n"));
        let output = run(None, &arguments.iter().map(String::as_str).collect::<Vec<_>>()).await;
        assert_eq!(output.status.code(), Some(2), "{y}");
        let message = format!("series.csv, line 3: y: {y:?} must be a number from 0 to 1e15");
        assert!(stderr(&output).contains(&message), "{}", stderr(&output));
        assert!(!folder.join("out.csv").exists());
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn forecasts_of_large_values_and_minus_zero_are_finite_and_not_negative() {
    for (name, rows, mean) in [
        ("zero", "s,2026-01-01,-0\ns,2026-01-02,-0.0\ns,2026-01-03,-0\n", "0"),
        ("large", "s,2026-01-01,1e15\ns,2026-01-02,1e15\ns,2026-01-03,1e15\n", "1000000000000000"),
    ] {
        let (folder, arguments) = series(name, rows);
        let output = run(None, &arguments.iter().map(String::as_str).collect::<Vec<_>>()).await;
        assert!(output.status.success(), "{}", stderr(&output));
        let written = std::fs::read_to_string(folder.join("out.csv")).unwrap();
        for line in written.lines().skip(1) {
            let cells: Vec<&str> = line.split(',').collect();
            assert_eq!(cells[3], mean, "{line}");
            for cell in &cells[3..] {
                assert!(!cell.starts_with('-') && cell.parse::<f64>().unwrap().is_finite(), "{line}");
            }
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_series_without_line_breaks_is_rejected() {
    let (_, arguments) = series("endless", &"x".repeat(3_000_000));
    let output = run(None, &arguments.iter().map(String::as_str).collect::<Vec<_>>()).await;
    assert_eq!(output.status.code(), Some(2));
    assert!(
        stderr(&output).contains("series.csv, line 2: the row has more than 65536 bytes"),
        "{}",
        stderr(&output)
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn openapi_prints_the_document() {
    let output = run(None, &["openapi"]).await;
    let document: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(document["info"]["title"], "Offercast");
}
