// All pages are accessible.
import test from "node:test";
import { expectAccessible } from "./axe.mjs";
import { answered, browser, createOffer, expectCharts, hook, redeem } from "./harness.mjs";

const visit = browser();

test("the list", async () => {
  const { code } = await createOffer();
  await visit("/admin/offers", async (page) => {
    await hook(page, `offer-row-${code}`).waitFor();
    await expectAccessible(page);
  });
});

test("a search that finds nothing", () =>
  visit("/admin/offers?q=no-such-offer-anywhere", async (page) => {
    await hook(page, "empty-state").waitFor();
    await expectAccessible(page);
  }));

test("the form of a new offer, and its errors", () =>
  visit("/admin/offers/new", async (page) => {
    await hook(page, "field-code").waitFor();
    await expectAccessible(page);
    await hook(page, "submit").click();
    await hook(page, "error-name").waitFor();
    await expectAccessible(page);
  }));

test("the form of an existing offer", async () => {
  const { code } = await createOffer();
  await visit(`/admin/offers/${code}/edit`, async (page) => {
    await hook(page, "field-name").waitFor();
    await expectAccessible(page);
  });
});

test("a dashboard without redemptions, and the confirmation of a removal", async () => {
  const { code } = await createOffer();
  await visit(`/admin/offers/${code}/dashboard`, async (page) => {
    await hook(page, "empty-state").waitFor();
    await expectAccessible(page);
    await hook(page, "menu-offer").click();
    await expectAccessible(page);
    await hook(page, `remove-${code}`).click();
    await hook(page, "confirm-removal").waitFor();
    await expectAccessible(page);
  });
});

test("a dashboard with charts", async () => {
  const { code } = await createOffer();
  await redeem(code);
  await visit(`/admin/offers/${code}/dashboard`, async (page) => {
    await expectCharts(page);
    await expectAccessible(page);
  });
});

test("an unknown offer and an unknown page", async () => {
  for (const path of ["/admin/offers/NO-SUCH-OFFER/dashboard", "/admin/nothing/here"]) {
    await visit(
      path,
      async (page) => {
        await hook(page, "not-found").waitFor();
        await expectAccessible(page);
      },
      { expected: [answered(404)] },
    );
  }
});
