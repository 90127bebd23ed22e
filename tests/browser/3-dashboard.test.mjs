// The dashboard of an offer: key metrics, charts, forecast.
import assert from "node:assert/strict";
import test from "node:test";
import { setTimeout } from "node:timers/promises";
import { CHARTS, answered, api, browser, createOffer, expectCharts, expectKpi, expectText, hook, picture, redeem } from "./harness.mjs";

const visit = browser();

test("an offer without redemptions shows an example call", async () => {
  const { code } = await createOffer();
  await visit(`/admin/offers/${code}/dashboard`, async (page) => {
    await hook(page, "empty-state").waitFor();
    await expectText(page, "redeem-example", new RegExp(`/api/offers/${code}/redeem`));
    await expectKpi(page, "total-redemptions", /^\s*0\b/);
    // The first redemption shows the charts without a reload.
    await redeem(code);
    await expectCharts(page);
    await expectKpi(page, "total-redemptions", /^\s*1\b/);
  });
});

test("a redemption through the API appears after a reload, in numbers and in charts", async () => {
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
      assert.notEqual(later[name], before[name], `${name} has not changed`);
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

test("the forecast says when it was updated, and a job caches it", async () => {
  const { code } = await createOffer();
  await redeem(code);
  await visit(`/admin/offers/${code}/dashboard`, async (page) => {
    await expectText(page, "forecast-source", /\S/);
  });
  await cached(code);
});

/** Polls until the worker has finished the job. */
async function cached(code) {
  const end = Date.now() + 20_000;
  let source;
  while (source !== "cached") {
    assert.ok(Date.now() < end, "no cached forecast after 20 s");
    source = (await api("GET", `/offers/${code}/dashboard`)).forecast.source;
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

test("the browser's back button leads from a dashboard to the list", async () => {
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

test("an unknown offer is reported", () =>
  visit(
    "/admin/offers/NO-SUCH-OFFER/dashboard",
    async (page) => {
      await hook(page, "not-found").waitFor();
    },
    { expected: [answered(404)] },
  ));

test("an unknown page is reported", () =>
  visit("/admin/nothing/here", async (page) => {
    await hook(page, "not-found").waitFor();
  }));

test("a server error is reported, and a retry recovers", async () => {
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
