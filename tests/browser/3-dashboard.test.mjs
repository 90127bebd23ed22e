// Watching an offer: KPIs, charts, forecast.
import assert from "node:assert/strict";
import test from "node:test";
import { setTimeout } from "node:timers/promises";
import { BASE, CHARTS, answered, browser, createOffer, expectCharts, expectKpi, expectText, hook, picture, redeem } from "./harness.mjs";

const visit = browser();

test("an offer that nobody redeemed says how a shop does it", async () => {
  const { code } = await createOffer();
  await visit(`/admin/offers/${code}/dashboard`, async (page) => {
    await hook(page, "empty-state").waitFor();
    await expectText(page, "redeem-example", new RegExp(`/api/offers/${code}/redeem`));
    await expectKpi(page, "total-redemptions", /^\s*0\b/);
    // Its first redemption brings the charts, without anybody asking.
    await redeem(code);
    await expectCharts(page);
    await expectKpi(page, "total-redemptions", /^\s*1\b/);
  });
});

test("a redemption through the API shows after a reload, in numbers and in charts", async () => {
  const { code } = await createOffer();
  await redeem(code, 500);
  await visit(`/admin/offers/${code}/dashboard`, async (page) => {
    await expectCharts(page);
    await expectKpi(page, "total-redemptions", /^\s*1\b/);
    const before = await pictures(page);
    await redeem(code, 1000);
    await page.reload();
    await expectCharts(page);
    await expectKpi(page, "total-redemptions", /^\s*2\b/);
    await expectKpi(page, "total-discount", /\b150\b/);
    await expectKpi(page, "remaining-budget", /\b850\b/);
    await expectKpi(page, "redemption-rate", /\b2(\.0+)?\s*%/);
    await expectKpi(page, "average-daily", /\b0\.5\b/);
    const later = await pictures(page);
    for (const name of ["chart-daily", "chart-cumulative", "chart-budget"]) {
      assert.notEqual(later[name], before[name], `${name} looks as before`);
    }
  });
});

async function pictures(page) {
  const shown = {};
  for (const name of CHARTS) {
    shown[name] = await picture(page, name);
  }
  return shown;
}

test("the forecast says where it comes from, and the job makes it a cached one", async () => {
  const { code } = await createOffer();
  await redeem(code);
  await visit(`/admin/offers/${code}/dashboard`, async (page) => {
    await expectText(page, "forecast-source", /\S/);
  });
  await cached(code);
});

/** The worker is another process's business: ask until its job is done. */
async function cached(code) {
  const end = Date.now() + 20_000;
  let source;
  while (source !== "cached") {
    assert.ok(Date.now() < end, "no cached forecast after 20 s");
    const response = await fetch(`${BASE}/api/offers/${code}/dashboard`);
    source = (await response.json()).data.forecast.source;
    await setTimeout(100);
  }
}

test("a deep link to a dashboard works, by id and by code", async () => {
  const { id, code, name } = await createOffer();
  await redeem(code);
  for (const offer of [id, code]) {
    await visit(`/admin/offers/${offer}/dashboard`, async (page) => {
      await expectCharts(page);
      await page.getByRole("heading", { name }).first().waitFor();
    });
  }
});

test("from the list to a dashboard and back with the browser's own buttons", async () => {
  const { code } = await createOffer();
  await redeem(code);
  await visit("/admin/offers", async (page) => {
    await hook(page, `offer-row-${code}`).getByRole("link").first().click();
    await page.waitForURL("**/dashboard");
    await expectCharts(page);
    await page.goBack();
    await hook(page, `offer-row-${code}`).waitFor();
  });
});

test("an offer that is not there is said to be so", () =>
  visit(
    "/admin/offers/NO-SUCH-OFFER/dashboard",
    async (page) => {
      await hook(page, "not-found").waitFor();
    },
    { expected: [answered(404)] },
  ));

test("a page that is not there is said to be so", () =>
  visit("/admin/nothing/here", async (page) => {
    await hook(page, "not-found").waitFor();
  }));

test("a server that fails is said to have failed, and asking again helps", async () => {
  const { code } = await createOffer();
  await visit(
    `/admin/offers`,
    async (page) => {
      await hook(page, "offers-table").waitFor();
      const failing = { status: 503, contentType: "application/json", body: '{"status":false,"message":"Busy","error":{"code":"busy","request_id":"r"}}' };
      await page.route("**/api/offers*", (route) => route.fulfill(failing));
      await page.reload();
      await hook(page, "error-state").waitFor();
      await page.unroute("**/api/offers*");
      await hook(page, "retry").click();
      await hook(page, `offer-row-${code}`).waitFor();
    },
    { expected: [answered(503)] },
  );
});
