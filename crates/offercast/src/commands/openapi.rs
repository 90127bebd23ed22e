pub fn run() -> anyhow::Result<()> {
    println!("{}", offercast_api::openapi_document().to_pretty_json()?);
    Ok(())
}
