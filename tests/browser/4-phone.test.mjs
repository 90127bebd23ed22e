// Nothing scrolls sideways on a phone.
import test from "node:test";
import { PHONE, browser, createOffer, expectCharts, expectNoSidewaysScroll, hook, redeem } from "./harness.mjs";

const visit = browser();
const onPhone = { viewport: PHONE, isMobile: true, hasTouch: true };

test("the list", async () => {
  const { code } = await createOffer({ name: "A rather long name of an offer, as marketing people like to write them" });
  await visit(
    "/admin/offers",
    async (page) => {
      await hook(page, `offer-row-${code}`).waitFor();
      await expectNoSidewaysScroll(page);
    },
    onPhone,
  );
});

test("the form", () =>
  visit(
    "/admin/offers/new",
    async (page) => {
      await hook(page, "submit").click();
      await hook(page, "error-name").waitFor();
      await expectNoSidewaysScroll(page);
    },
    onPhone,
  ));

test("the dashboard", async () => {
  const { code } = await createOffer({ code: `A-RATHER-LONG-CODE-FOR-A-PHONE-${process.pid}` });
  await redeem(code);
  await visit(
    `/admin/offers/${code}/dashboard`,
    async (page) => {
      await expectCharts(page);
      await hook(page, "range-custom").click();
      await hook(page, "range-from").waitFor();
      await expectNoSidewaysScroll(page);
    },
    onPhone,
  );
});
