// Live updates of a dashboard.
import assert from "node:assert/strict";
import test from "node:test";
import { answered, api, browser, createOffer, expectCharts, expectKpi, expectText, hook, picture, redeem, redeemElsewhere } from "./harness.mjs";

const visit = browser();

test("a redemption through another process appears without a reload, in numbers and in charts", async () => {
  const { code } = await createOffer();
  await redeem(code, 500);
  await visit(`/admin/offers/${code}/dashboard`, async (page) => {
    await expectCharts(page);
    await expectText(page, "live", /^Live$/);
    const before = await picture(page, "chart-daily");
    await redeemElsewhere(code, 1000);
    await expectKpi(page, "total-redemptions", /^\s*2\b/);
    await expectKpi(page, "total-discount", /\b150\b/);
    await expectKpi(page, "remaining-budget", /\b850\b/);
    await page.waitForFunction(
      ([name, old]) => document.querySelector(`[data-testid="${name}"] canvas`).toDataURL() !== old,
      ["chart-daily", before],
    );
  });
});

test("an open menu stays open while redemptions come in", async () => {
  const { code } = await createOffer();
  await redeem(code);
  await visit(`/admin/offers/${code}/dashboard`, async (page) => {
    await expectText(page, "live", /^Live$/);
    await hook(page, "menu-offer").click();
    await hook(page, `remove-${code}`).waitFor();
    await redeemElsewhere(code);
    await expectKpi(page, "total-redemptions", /^\s*2\b/);
    assert.ok(await hook(page, `remove-${code}`).isVisible());
  });
});

test("another user's edit appears without a reload", async () => {
  const { code } = await createOffer();
  await redeem(code);
  await visit(`/admin/offers/${code}/dashboard`, async (page) => {
    await expectText(page, "live", /^Live$/);
    await api("PATCH", `/offers/${code}`, { name: "Renamed meanwhile" });
    await page.getByRole("heading", { name: "Renamed meanwhile" }).waitFor();
  });
});

test("a dashboard that loses its connection says so and catches up", async () => {
  const { code } = await createOffer();
  await redeem(code);
  await visit(
    `/admin/offers/${code}/dashboard`,
    async (page) => {
      await page.route("**/events", (route) => route.fulfill({ status: 503, body: "" }));
      await page.reload();
      await expectText(page, "live", /^Connection lost at \d\d:\d\d/);
      await expectKpi(page, "total-redemptions", /^\s*1\b/);
      await redeemElsewhere(code);
      await page.unroute("**/events");
      await expectText(page, "live", /^Live$/);
      await expectKpi(page, "total-redemptions", /^\s*2\b/);
    },
    { expected: [answered(503)] },
  );
});
