// Working with a dashboard: ranges, comparison, scenarios, downloads, dialogs.
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import test from "node:test";
import { expectAccessible } from "./axe.mjs";
import { CHARTS, answered, api, browser, createOffer, day, expectCharts, expectKpi, expectText, hold, hook, picture, redeem } from "./harness.mjs";

const visit = browser();

test("a chosen range is in the address, and the browser's back button restores the previous one", async () => {
  const { code } = await createOffer({ start_date: day(-60) });
  await redeem(code);
  await visit(`/admin/offers/${code}/dashboard?range=7d`, async (page) => {
    await expectCharts(page);
    await expectText(page, "summary-daily", /in 7 days/);
    await hook(page, "range-30d").click();
    await expectText(page, "summary-daily", /in 30 days/);
    await hook(page, "range-custom").click();
    await hook(page, "range-from").fill(day(-20));
    await hook(page, "range-to").fill(day(-30));
    assert.ok(await hook(page, "range-apply").isDisabled());
    await hook(page, "range-to").fill(day(-11));
    await hook(page, "range-apply").click();
    await expectText(page, "summary-daily", /in 10 days/);
    assert.match(page.url(), new RegExp(`from=${day(-20)}&to=${day(-11)}`));
    await page.goBack();
    await expectText(page, "summary-daily", /in 30 days/);
  });
});

test("dragging across days of a chart zooms all charts", async () => {
  const { code } = await createOffer({ start_date: day(-60) });
  await redeem(code);
  await visit(`/admin/offers/${code}/dashboard?range=30d`, async (page) => {
    await expectCharts(page);
    const { x, y, width, height } = await hook(page, "chart-daily").boundingBox();
    const dragAcross = async (from, to) => {
      await page.mouse.move(x + width * from, y + height / 2);
      await page.mouse.down();
      await page.mouse.move(x + width * to, y + height / 2, { steps: 4 });
    };
    await dragAcross(0.7, 0.3);
    await page.keyboard.press("Escape");
    await page.mouse.up();
    assert.match(page.url(), /range=30d$/);
    await dragAcross(0.7, 0.3);
    await page.mouse.up();
    await page.waitForURL(/from=.*&to=/);
    const { searchParams } = new URL(page.url());
    const [from, to] = ["from", "to"].map((name) => searchParams.get(name));
    assert.ok(day(-24) < from && from < to && to < day(-6), `${from} to ${to}`);
    const days = (Date.parse(to) - Date.parse(from)) / 86_400_000 + 1;
    await expectText(page, "summary-daily", new RegExp(`in ${days} days`));
    await hook(page, "as-table-cumulative").click();
    await page.waitForFunction((count) => document.querySelectorAll("[data-testid=table-cumulative] tbody tr").length === count, days);
    await page.goBack();
    await expectText(page, "summary-daily", /in 30 days/);
  });
});

test("the previous period is shown if the address says so", async () => {
  const { code } = await createOffer({ start_date: day(-60) });
  await redeem(code);
  await visit(`/admin/offers/${code}/dashboard?range=7d`, async (page) => {
    await expectCharts(page);
    await hook(page, "as-table-daily").click();
    const before = hook(page, "table-daily").getByRole("columnheader", { name: "Previous period" });
    await hook(page, "compare").click();
    await before.waitFor();
    assert.match(page.url(), /range=7d&compare=on/);
    await hook(page, "compare").click();
    await before.waitFor({ state: "detached" });
  });
});

test("one sentence gives the outlook of the offer", async () => {
  const { code } = await createOffer({ max_redemptions: 1, budget: null });
  await visit(`/admin/offers/${code}/dashboard`, async (page) => {
    await expectText(page, "verdict", /Redemption limit should last until/);
    await redeem(code);
    await page.reload();
    await expectText(page, "verdict", /Redemption limit reached/);
  });
});

test("what-if: the charts follow the slider, and applying the scenario changes the offer", async () => {
  const { code } = await createOffer();
  await redeem(code);
  await visit(`/admin/offers/${code}/dashboard`, async (page) => {
    await expectCharts(page);
    const before = await picture(page, "chart-budget");
    let sent = 0;
    page.on("request", (request) => {
      sent += request.url().includes("/api/") ? 1 : 0;
    });
    assert.ok(await hook(page, "what-if-apply").isDisabled());
    await hook(page, "what-if-budget").focus();
    await page.keyboard.press("End");
    await page.waitForFunction(([id, old]) => document.querySelector(`#${id} canvas`).toDataURL() !== old, ["chart-budget", before]);
    assert.equal(sent, 0);
    assert.equal((await api("GET", `/offers/${code}`)).budget, 1000);
    await hook(page, "what-if-apply").click();
    await expectKpi(page, "remaining-budget", /2,950/);
  });
  const offer = await api("GET", `/offers/${code}`);
  assert.deepEqual([offer.budget, offer.max_redemptions], [3000, 100]);
});

test("charts share one crosshair", async () => {
  const { code } = await createOffer();
  await redeem(code);
  await visit(`/admin/offers/${code}/dashboard`, async (page) => {
    await expectCharts(page);
    const before = await picture(page, "chart-budget");
    await hook(page, "chart-daily").hover();
    await page.waitForFunction(([id, old]) => document.querySelector(`#${id} canvas`).toDataURL() !== old, ["chart-budget", before]);
  });
});

test("a chart is saved as an image", async () => {
  const { code } = await createOffer();
  await redeem(code);
  await visit(`/admin/offers/${code}/dashboard`, async (page) => {
    await expectCharts(page);
    const started = page.waitForEvent("download");
    await hook(page, "png-daily").click();
    const download = await started;
    assert.equal(download.suggestedFilename(), `${code}-daily.png`);
  });
});

test("the latest redemptions are listed", async () => {
  const { code } = await createOffer();
  await redeem(code, 123);
  await visit(`/admin/offers/${code}/dashboard`, async (page) => {
    await expectText(page, "latest", /1001\s*123\.00\s*12\.30/);
  });
});

test("unique codes are generated, downloaded and counted", async () => {
  const { code } = await createOffer();
  await visit(`/admin/offers/${code}/dashboard`, async (page) => {
    await hook(page, "menu-offer").click();
    await hook(page, "codes-offer").click();
    await expectText(page, "code-counts", /No codes yet/);
    await expectAccessible(page);
    await hook(page, "field-code-count").fill("0");
    await hook(page, "field-code-prefix").fill("V-I-P");
    await hook(page, "issue-codes").click();
    await expectText(page, "error-code-count", /from 1 to 10,000,000/);
    await expectText(page, "error-code-prefix", /letters and digits/);
    await hook(page, "field-code-count").fill("1,200");
    await hook(page, "field-code-prefix").fill("VIP");
    await hook(page, "issue-codes").click();
    await expectText(page, "codes-issued", /1,200 codes/);
    await expectText(page, "code-counts", /1,200 codes, 0 used/);
    const codes = await fetched(page, "download-these");
    assert.equal(codes.length, 1_200);
    assert.ok(codes.every(([code]) => code.startsWith("VIP")));
    // The first redemption changes the page behind the dialog.
    await api("POST", "/redeem", { code: codes[7][0], customer_id: 1, order_amount: 50 });
    await expectKpi(page, "total-redemptions", /^\s*1\b/);
    await hook(page, "close-codes").click();
    await hook(page, "menu-offer").click();
    await hook(page, "codes-offer").click();
    await expectText(page, "code-counts", /1,200 codes, 1 used/);
    assert.ok((await fetched(page, "download-codes"))[7][3], "the used code names its redemption");
  });
});

test("codes whose response was lost are requested again and generated once", async () => {
  const { code } = await createOffer();
  await visit(
    `/admin/offers/${code}/dashboard`,
    async (page) => {
      await hook(page, "menu-offer").click();
      await hook(page, "codes-offer").click();
      await hook(page, "field-code-count").fill("5");
      let isLost = false;
      await page.route("**/codes", async (route) => {
        if (isLost || route.request().method() !== "POST") return route.fallback();
        isLost = true;
        await route.fetch();
        await route.abort("connectionreset");
      });
      await hook(page, "issue-codes").click();
      await expectText(page, "codes-failure", /Can't reach the server/);
      for (const all of [/^5 codes/, /^10 codes/]) {
        await hook(page, "issue-codes").click();
        await expectText(page, "code-counts", all);
      }
    },
    { expected: [/ERR_CONNECTION_RESET/] },
  );
});

test("all redemptions are downloaded as a file", async () => {
  const { code } = await createOffer();
  for (const amount of [100, 200, 300]) await redeem(code, amount);
  await visit(`/admin/offers/${code}/dashboard`, async (page) => {
    const rows = await fetched(page, "ledger-csv");
    assert.deepEqual(rows.map((row) => [row[0], row[2]]), [[code, "100"], [code, "200"], [code, "300"]]);
  });
});

/** The rows of the CSV file behind a link, without the header. */
async function fetched(page, link) {
  const started = page.waitForEvent("download");
  await hook(page, link).click();
  const text = await readFile(await (await started).path(), "utf8");
  return text.trim().split("\n").slice(1).map((line) => line.split(","));
}

test("a redemption is reversed once, after a confirmation", async () => {
  const { code } = await createOffer();
  const { redemption_id } = await redeem(code, 500);
  await redeem(code, 200);
  await visit(`/admin/offers/${code}/dashboard`, async (page) => {
    const ask = hook(page, `reverse-${redemption_id}`);
    await ask.click();
    await hook(page, "cancel-reverse").click();
    await hook(page, "confirm-reverse").waitFor({ state: "hidden" });
    assert.equal((await api("GET", `/offers/${code}`)).totals.redemptions, 2);
    await ask.click();
    await expectAccessible(page);
    await hook(page, "reverse-reason").fill("Sent back");
    await hook(page, "confirm-reverse").click();
    await expectText(page, "latest", /reversed/);
    await ask.waitFor({ state: "detached" });
    await expectKpi(page, "total-redemptions", /^\s*1\b/);
    await expectKpi(page, "remaining-budget", /\b980\b/);
  });
  const { totals } = await api("GET", `/offers/${code}`);
  assert.deepEqual([totals.redemptions, totals.discount_given], [1, 20]);
  const [reversal] = await api("GET", `/offers/${code}/redemptions`);
  assert.deepEqual([reversal.reverses, reversal.reason], [redemption_id, "Sent back"]);
});

test("declined redemptions are stacked on redemptions", async () => {
  const { code } = await createOffer({ max_redemptions: 1, budget: null });
  await redeem(code);
  await assert.rejects(redeem(code), /max_redemptions_reached/);
  await visit(`/admin/offers/${code}/dashboard`, async (page) => {
    await page.locator(".panel-daily .legend").getByText("Declined").waitFor();
    await expectText(page, "summary-daily", /1 redemption declined\./);
    await hook(page, "as-table-daily").click();
    await hook(page, "table-daily").getByRole("columnheader", { name: "Declined" }).waitFor();
    const cells = await hook(page, "table-daily").locator("tbody tr").last().locator("td").allTextContents();
    assert.deepEqual([cells[0], cells.at(-1)], ["1", "1"]);
  });
});

test("the forecast can be recomputed", async () => {
  const { code } = await createOffer();
  await redeem(code);
  await visit(`/admin/offers/${code}/dashboard`, async (page) => {
    const asked = page.waitForResponse((response) => response.url().endsWith("/forecast") && response.request().method() === "POST");
    const isCached = async (response) => response.url().includes(`/${code}/dashboard?`) && (await response.json()).data.forecast.source === "cached";
    const reloaded = page.waitForResponse(isCached);
    await hook(page, "recompute").click();
    assert.equal((await asked).status(), 202);
    await expectText(page, "notice", /being recomputed/);
    await reloaded;
    await expectText(page, "forecast-source", /^Updated /);
  });
});

test("a dashboard reports an unreachable server and recovers", async () => {
  const { code } = await createOffer();
  await redeem(code);
  await visit(
    `/admin/offers/${code}/dashboard`,
    async (page) => {
      await expectCharts(page);
      await page.route("**/api/**", (route) => route.abort("internetdisconnected"));
      await page.reload();
      await expectText(page, "error-state", /Can't reach the server/);
      await page.unroute("**/api/**");
      await hook(page, "retry").click();
      await expectCharts(page);
      await expectKpi(page, "total-redemptions", /^\s*1\b/);
    },
    { expected: [/ERR_INTERNET_DISCONNECTED/] },
  );
});

test("if the bundle fails, its parts are loaded separately", async () => {
  const { code } = await createOffer();
  await redeem(code);
  await visit(
    `/admin/offers/${code}/dashboard`,
    async (page) => {
      await expectCharts(page);
      const parts = [];
      page.on("response", (response) => {
        parts.push(...(response.url().match(/[^/]+\.wasm$/) ?? []));
      });
      await page.route("**/dashboard_bundle.wasm", (route) => route.fulfill({ status: 503, body: "" }));
      await page.reload();
      await expectCharts(page);
      assert.ok(parts.includes("app_bg.wasm") && parts.includes("split_dashboard.wasm"), parts.join(", "));
    },
    { expected: [answered(503)] },
  );
});

test("figures do not wait for charts, and charts that failed to load can be retried", async () => {
  const { code } = await createOffer();
  await redeem(code);
  await visit(
    `/admin/offers/${code}/dashboard`,
    async (page) => {
      await expectCharts(page);
      await page.route("**/echarts.js", (route) => route.abort("internetdisconnected"));
      const answer = await hold(page, "**/echarts.js");
      await page.reload();
      await expectKpi(page, "total-redemptions", /^\s*1\b/);
      answer();
      await page.locator(".panel-daily").getByTestId("error-state").waitFor();
      await hook(page, "as-table-daily").click();
      await hook(page, "table-daily").waitFor();
      await page.unroute("**/echarts.js");
      await page.locator(".panel-forecast").getByTestId("retry").click();
      await expectCharts(page);
    },
    { expected: [/ERR_INTERNET_DISCONNECTED/] },
  );
});

test("pages without charts do not load ECharts", () =>
  visit("/admin/offers", async (page) => {
    const scripts = [];
    page.on("request", (request) => scripts.push(request.url()));
    await page.reload();
    await hook(page, "offers-table").waitFor();
    assert.ok(!scripts.some((url) => url.endsWith("/echarts.js")), scripts.join("\n"));
  }));

test("a dialog that failed to load can be retried", async () => {
  const { code } = await createOffer();
  await visit(
    `/admin/offers/${code}/dashboard`,
    async (page) => {
      await hook(page, "menu-offer").click();
      await page.route("**/split_dialogs.wasm", (route) => route.abort("internetdisconnected"));
      await hook(page, "codes-offer").click();
      await expectText(page, "error-state", /Can't reach the server/);
      await page.unroute("**/split_dialogs.wasm");
      await hook(page, "retry").click();
      await hook(page, "menu-offer").click();
      await hook(page, "codes-offer").click();
      await expectText(page, "code-counts", /No codes yet/);
    },
    { expected: [/ERR_INTERNET_DISCONNECTED/, /Failed to fetch/] },
  );
});

test("an offer prints on one page, with charts and without controls", async () => {
  const { code } = await createOffer();
  await redeem(code);
  await visit(`/admin/offers/${code}/dashboard`, async (page) => {
    await expectCharts(page);
    const paper = await page.pdf({ format: "A4" });
    assert.equal(paper.toString("latin1").match(/\/Type\s*\/Page\b/g).length, 1);
    await page.emulateMedia({ media: "print" });
    for (const name of CHARTS) {
      assert.ok((await hook(page, name).boundingBox()).height > 100, `${name} is too small`);
    }
    assert.ok(!(await page.getByRole("navigation", { name: "Main" }).isVisible()));
    assert.ok(!(await hook(page, "edit-offer").isVisible()));
  });
});
