use anyhow::Context;
use offercast_app::access::OfferScope;
use offercast_app::import::{ImportFiles, ImportOptions};
use offercast_app::{App, ListedOffer, OfferQuery, OfferSort, OfferState};
use offercast_worker::Worker;
use tokio::sync::watch;

use crate::commands::{api, first_start, import};
use crate::database::Urls;
use crate::settings::Settings;
use crate::{database, signals};

pub async fn run(settings: &Settings, empty: bool) -> anyhow::Result<()> {
    let stop = signals::stop_signal()?;
    let (urls, server) = database::open(settings).await?;
    let served = serve(settings, &urls, empty, stop).await;
    database::close(server).await?;
    served
}

async fn serve(
    settings: &Settings,
    urls: &Urls,
    empty: bool,
    stop: watch::Receiver<bool>,
) -> anyhow::Result<()> {
    offercast_database::migrate(&urls.owner).await?;
    let app = database::app_with_access(settings, &urls.application)?;
    // Bind before the examples are loaded, so that an address in use is reported immediately.
    let server = api::bind(settings, app.clone())?;
    if !empty && is_empty(&app).await? {
        tokio::select! {
            loaded = load_examples(settings, urls, &app) => loaded?,
            () = signals::received(stop.clone()) => return Ok(()),
        }
    }
    app.access.ready(api::ACCESS_TIMEOUT).await;
    let sign_in = first_start::create_owner(settings, &app).await?;
    let code = an_active_code(&app).await?;
    let worker = Worker::new(app, &urls.application, settings.jobs).context("DATABASE_URL cannot be used")?;
    eprintln!(
        "Offercast is running at http://{}/admin/offers - Ctrl-C stops it; the data is kept.",
        server.address()
    );
    if let Some(sign_in) = sign_in {
        first_start::explain(&sign_in, server.address(), &code);
    }
    api::serve_with_worker(server, worker, stop).await
}

async fn is_empty(app: &App) -> anyhow::Result<bool> {
    Ok(first_offer(app, None).await?.is_none())
}

/// The code of an offer that can be redeemed, for the example of the first start.
async fn an_active_code(app: &App) -> anyhow::Result<String> {
    let offer = first_offer(app, Some(OfferState::Active)).await?;
    Ok(offer.map_or_else(|| "CODE".to_owned(), |offer| offer.view.stored.offer.terms.code.to_string()))
}

async fn first_offer(app: &App, state: Option<OfferState>) -> anyhow::Result<Option<ListedOffer>> {
    let query = OfferQuery {
        search: String::new(),
        state,
        sort: OfferSort::Newest,
        after: None,
        limit: 1,
        scope: OfferScope::All,
    };
    Ok(offercast_app::list_offers(app, query).await?.offers.into_iter().next())
}

async fn load_examples(settings: &Settings, urls: &Urls, app: &App) -> anyhow::Result<()> {
    let folder = &settings.examples_dir;
    let (offers, redemptions) = (folder.join("offers.csv"), folder.join("redemptions.csv"));
    if !offers.exists() {
        eprintln!("No examples in {}; starting with an empty database.", folder.display());
        return Ok(());
    }
    eprintln!("Loading the examples from {} ...", folder.display());
    let files = ImportFiles { offers: Some(offers), redemptions: Some(redemptions) };
    let options = ImportOptions { replay: false, shift_to_today: true, now: app.clock.now() };
    let report = import::load(urls, &files, options).await?;
    eprintln!("Loaded {} offers with {} redemptions.", report.offers, report.redemptions);
    Ok(())
}
