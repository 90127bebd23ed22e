// Charts as tables and CSV files: the numbers of the API, averages and forecasts rounded to two decimals.
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import test from "node:test";
import { expectAccessible } from "./axe.mjs";
import { api, browser, createOffer, expectCharts, expectNoSidewaysScroll, expectText, hook, PHONE, redeem } from "./harness.mjs";

const visit = browser();

/** The expected rows of each file, from the API's response. */
const PANELS = {
  daily: ({ daily, moving_average, refusals, as_of }) =>
    daily.map(({ date, redemptions, discount_given }) => ({
      date,
      redemptions,
      discount_given,
      moving_average: date < as_of.slice(0, 10) ? moving_average.find((mean) => mean.date === date).value : null,
      refusals: refusals.find((day) => day.date === date).refusals,
    })),
  cumulative: ({ cumulative, range }) => cumulative.filter(({ date }) => date >= range.from),
  budget: ({ cumulative, range, budget }) =>
    cumulative
      .filter(({ date }) => date >= range.from)
      .map(({ date, discount_given: spent }) => ({ date, spent, remaining: Number((budget.total - spent).toFixed(2)), budget: budget.total, projection: null })),
};

test("files and tables of the panels have the numbers of the API", async () => {
  const { code } = await createOffer({ start_date: "2026-01-01" });
  await redeem(code, 505);
  await redeem(code, 1234.5);
  await visit(`/admin/offers/${code}/dashboard?range=30d`, async (page) => {
    await expectCharts(page);
    const answer = await api("GET", `/offers/${code}/dashboard${await shownRange(page, code)}`);
    for (const [name, rows] of Object.entries(PANELS)) {
      const file = await saved(page, name);
      assert.equal(file.name, `${code}-${name}.csv`);
      // The projection of the budget includes today and later days.
      const known = file.rows.filter(({ date }) => date < answer.as_of.slice(0, 10));
      const expected = rows(answer).slice(0, known.length);
      assert.ok(expected.length > 20);
      assertAlike(known, expected, name);
      assert.deepEqual((await shown(page, name)).slice(0, known.length), numbers(expected), name);
    }
    const forecast = await saved(page, "forecast");
    const ahead = forecast.rows.filter((row) => row.forecast !== null);
    const points = ahead.map(({ date, moving_average: _, redemptions: __, forecast, ...bounds }) => ({ date, redemptions: forecast, ...bounds }));
    assertAlike(points, answer.forecast.points, "forecast");
  });
});

test("the keyboard switches between chart and table", async () => {
  const { code } = await createOffer();
  await redeem(code);
  await visit(`/admin/offers/${code}/dashboard`, async (page) => {
    await expectCharts(page);
    await hook(page, "as-table-daily").focus();
    await page.keyboard.press("Enter");
    await hook(page, "table-daily").getByRole("columnheader", { name: "Redemptions" }).waitFor();
    await hook(page, "chart-daily").waitFor({ state: "detached" });
    // A reload keeps the table.
    await hook(page, "reload").click();
    await page.locator('.dashboard[aria-busy="false"]').waitFor();
    await hook(page, "table-daily").waitFor();
    await hook(page, "as-table-daily").focus();
    await page.keyboard.press("Space");
    await expectCharts(page);
  });
});

test("tables are accessible and fit a phone", async () => {
  const { code } = await createOffer();
  await redeem(code);
  await visit(
    `/admin/offers/${code}/dashboard`,
    async (page) => {
      for (const name of [...Object.keys(PANELS), "forecast"]) {
        await hook(page, `as-table-${name}`).click();
        await hook(page, `table-${name}`).waitFor();
      }
      await expectNoSidewaysScroll(page);
      await expectAccessible(page);
    },
    { viewport: PHONE },
  );
});

test("each chart has a text summary", async () => {
  const { code } = await createOffer();
  await redeem(code);
  await visit(`/admin/offers/${code}/dashboard`, async (page) => {
    await expectText(page, "summary-daily", /1 redemption in \d+ days\..*Today so far: 1\./);
    await expectText(page, "summary-cumulative", /1 redemption \(1% of the limit of 100\) and 50\.00 USD/);
    await expectText(page, "summary-budget", /Spent 50\.00 USD of 1,000\.00 USD \(5%\)/);
    await expectText(page, "summary-forecast", /Forecast: about/);
  });
});

/** The query of the page's own request. */
async function shownRange(page, code) {
  const asked = await page.evaluate(() => performance.getEntriesByType("resource").map((entry) => entry.name));
  return new URL(asked.findLast((url) => url.includes(`/offers/${code}/dashboard`))).search;
}

/** Name and rows of the file behind a panel's button. */
async function saved(page, name) {
  const started = page.waitForEvent("download");
  await hook(page, `csv-${name}`).click();
  const download = await started;
  const [head, ...lines] = (await readFile(await download.path(), "utf8")).trimEnd().split("\r\n");
  const names = head.split(",");
  const rows = lines.map((line) => Object.fromEntries(line.split(",").map((text, place) => [names[place], value(names[place], text)])));
  return { name: download.suggestedFilename(), rows };
}

/** Expects the same keys and values, numbers rounded to two decimals. */
function assertAlike(actual, rows, name) {
  assert.equal(actual.length, rows.length, name);
  for (const [row, cells] of actual.entries()) {
    assert.deepEqual(Object.keys(cells), Object.keys(rows[row]), name);
    for (const [key, cell] of Object.entries(cells)) {
      const expected = rows[row][key];
      const isAlike = typeof expected === "number" ? Math.abs(cell - expected) < 0.005_001 && cell === Number(cell.toFixed(2)) : cell === expected;
      assert.ok(isAlike, `${name}, row ${row + 1}, ${key}: ${cell} for ${expected}`);
    }
  }
}

function value(name, text) {
  if (name === "date") {
    return text;
  }
  return text === "" ? null : Number(text);
}

/** The numbers of a panel's table, row by row. */
async function shown(page, name) {
  await hook(page, `as-table-${name}`).click();
  const rows = await hook(page, `table-${name}`).locator("tbody tr").all();
  return Promise.all(rows.map(async (row) => (await row.locator("td").allTextContents()).map((text) => rounded(text))));
}

function numbers(rows) {
  return rows.map(({ date: _, ...cells }) => Object.values(cells).map((cell) => (cell === null ? null : rounded(String(cell)))));
}

/** Rounds as tables do. */
function rounded(text) {
  return text === "–" ? null : Number(Number(text.replaceAll(",", "")).toFixed(1));
}
