// Runs first, while the database is empty.
import test from "node:test";
import { expectAccessible } from "./axe.mjs";
import { browser, hook, expectNoSidewaysScroll, PHONE } from "./harness.mjs";

const visit = browser();

test("an empty database invites to create the first offer", () =>
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

test("the root leads to the overview, which leads to a first offer", () =>
  visit("/", async (page) => {
    await page.waitForURL("**/admin");
    await hook(page, "empty-state").waitFor();
    await expectAccessible(page);
    await page.getByRole("link", { name: "Create an offer" }).click();
    await page.waitForURL("**/admin/offers/new");
  }));
