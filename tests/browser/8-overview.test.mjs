// The overview of all offers.
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import test from "node:test";
import { expectAccessible } from "./axe.mjs";
import { PHONE, answered, api, browser, createOffer, day, drawn, expectNoSidewaysScroll, hook, redeem } from "./harness.mjs";

const visit = browser();

/** Creates an offer that ends tomorrow and a fully redeemed one. */
async function createSamples() {
  const ending = await createOffer({ name: "Ends tomorrow", end_date: day(1) });
  const used = await createOffer({ name: "Sold out", max_redemptions: 2 });
  for (const { code } of [ending, used, used]) {
    await redeem(code);
  }
  return { ending, used };
}

test("the overview shows redemptions and offers that need attention", async () => {
  await createSamples();
  await visit("/admin", async (page) => {
    await drawn(page, "chart-overview");
    await hook(page, "figure-redemptions").waitFor();
    await hook(page, "figure-USD").filter({ hasText: /USD/ }).waitFor();
    const attention = hook(page, "attention");
    await attention.getByRole("link", { name: "Ends tomorrow" }).first().waitFor();
    await attention.locator("li").filter({ hasText: "Sold out" }).first().getByText("Fully redeemed", { exact: true }).waitFor();
    await expectAccessible(page);
    await attention.getByRole("link", { name: "Sold out" }).first().click();
    await page.waitForURL(/\/admin\/offers\/[^/]+\/dashboard$/);
    await page.goBack();
    await drawn(page, "chart-overview");
  });
});

test("the range of the overview is in the address", async () => {
  await createSamples();
  await visit("/admin?range=7d", async (page) => {
    await drawn(page, "chart-overview");
    await hook(page, "summary-overview").filter({ hasText: "in 7 days" }).waitFor({ state: "attached" });
    await hook(page, "range-90d").click();
    await page.waitForURL("**/admin?range=90d");
    await hook(page, "summary-overview").filter({ hasText: "in 90 days" }).waitFor({ state: "attached" });
    assert.equal(await hook(page, "range-90d").getAttribute("aria-current"), "true");
  });
});

test("the overview's panels are available as tables and files", async () => {
  const { ending } = await createSamples();
  await visit("/admin?range=7d", async (page) => {
    await drawn(page, "chart-overview");
    const { daily, top_offers } = await api("GET", `/overview?from=${day(-6)}&to=${day(0)}`);
    const lines = await file(page, "overview");
    assert.deepEqual(lines, ["date,redemptions", ...daily.map(({ date, redemptions }) => `${date},${redemptions}`)]);
    await hook(page, "as-table-overview").click();
    assert.equal(await hook(page, "table-overview").locator("tbody tr").count(), 7);
    const [, first] = await file(page, "top-offers");
    assert.ok(first.startsWith(`${top_offers[0].offer.code},${top_offers[0].offer.name},${top_offers[0].redemptions.total},`), first);
    const attention = await file(page, "attention");
    assert.ok(attention.some((line) => line.startsWith(`${ending.code},Ends tomorrow,Ending soon,`)), attention.join("\n"));
    await expectAccessible(page);
  });
});

/** The lines of the file behind a button. */
async function file(page, name) {
  const started = page.waitForEvent("download");
  await hook(page, `csv-${name}`).click();
  return (await readFile(await (await started).path(), "utf8")).trimEnd().split("\r\n");
}

test("the overview fits a phone", async () => {
  await createSamples();
  await visit(
    "/admin",
    async (page) => {
      await drawn(page, "chart-overview");
      await expectNoSidewaysScroll(page);
      await expectAccessible(page);
    },
    { viewport: PHONE },
  );
});

test("an overview that failed to load can be retried", () =>
  visit(
    "/admin/offers",
    async (page) => {
      await page.route("**/api/overview*", (route) => route.fulfill({ status: 503, body: "" }), { times: 1 });
      await page.goto(new URL("/admin", page.url()).href);
      await hook(page, "error-state").waitFor();
      await hook(page, "retry").click();
      await hook(page, "figure-redemptions").waitFor();
    },
    { expected: [answered(503)] },
  ));
