// Runs first, while the database is empty.
import assert from "node:assert/strict";
import test from "node:test";
import { expectAccessible } from "./axe.mjs";
import { authorization, browser, expectCharts, expectKpi, expectNoSidewaysScroll, expectText, fill, hook, PHONE } from "./harness.mjs";

const visit = browser();

test("an empty list offers to create the first offer", () =>
  visit("/admin/offers", async (page) => {
    await hook(page, "empty-state").waitFor();
    await expectAccessible(page);
    await hook(page, "new-offer").first().click();
    await page.waitForURL("**/admin/offers/new");
    await hook(page, "field-code").waitFor();
  }));

test("the empty state fits a phone", () =>
  visit(
    "/admin/offers",
    async (page) => {
      await hook(page, "empty-state").waitFor();
      await expectNoSidewaysScroll(page);
    },
    { viewport: PHONE },
  ));

test("the root redirects to the overview, which offers to create an offer", () =>
  visit("/", async (page) => {
    await page.waitForURL("**/admin");
    await hook(page, "empty-state").waitFor();
    await expectAccessible(page);
    await page.getByRole("link", { name: "Create offer" }).click();
    await page.waitForURL("**/admin/offers/new");
  }));

// Last, because it fills the database.
test("the first offer is created and redeemed with the example call of its page", () =>
  visit("/admin", async (page) => {
    await page.getByRole("link", { name: "Create offer" }).click();
    await fill(page, { name: "My first offer", code: "FIRST-10", discount_value: "10", budget: "1000" });
    await expectText(page, "preview", /An order of 500\.00 USD gets 50\.00 USD off/);
    await hook(page, "submit").click();
    await page.waitForURL("**/FIRST-10/dashboard");
    await expectText(page, "notice", /My first offer is live/);
    const example = await hook(page, "redeem-example").textContent();
    const [address] = example.match(/http\S+/);
    const [body] = example.match(/\{.*\}/);
    const answer = await fetch(address, { method: "POST", headers: { "content-type": "application/json", ...authorization() }, body });
    assert.equal(answer.status, 201);
    await expectCharts(page);
    await expectKpi(page, "total-discount", /\b50\.00\b/);
  }));
