// Managing offers: create, validate, edit, remove.
import assert from "node:assert/strict";
import test from "node:test";
import { answered, api, browser, choose, createOffer, day, expectNoText, expectText, fill, hold, hook, redeem } from "./harness.mjs";

const visit = browser();

test("an offer created with the form appears in the list", () =>
  visit("/admin/offers/new", async (page) => {
    await fill(page, {
      name: "Spring sale",
      code: "spring-10",
      discount_type: "percent",
      discount_value: "10",
      currency: "USD",
      start_date: day(-1),
      end_date: day(30),
      budget: "1000",
      max_redemptions: "100",
      min_order_amount: "20",
      max_discount: "7.50",
      max_redemptions_per_customer: "2",
      on_budget_shortfall: "partial",
    });
    await hook(page, "submit").click();
    await page.waitForURL((url) => !url.pathname.endsWith("/new"));
    await page.goto(new URL("/admin/offers", page.url()).href);
    await hook(page, "offer-row-SPRING-10").waitFor();
    const offer = await api("GET", "/offers/SPRING-10");
    assert.equal(offer.name, "Spring sale");
    assert.equal(offer.state, "active");
    assert.equal(offer.budget, 1000);
    assert.deepEqual([offer.min_order_amount, offer.max_discount], [20, 7.5]);
    assert.deepEqual([offer.max_redemptions_per_customer, offer.on_budget_shortfall], [2, "partial"]);
  }));

test("invalid fields show errors, and nothing is sent", () =>
  visit("/admin/offers/new", async (page) => {
    await hook(page, "field-code").waitFor();
    let sent = 0;
    page.on("request", (request) => {
      sent += request.method() === "POST" ? 1 : 0;
    });
    await fill(page, {
      name: "Wrong in many ways",
      code: "12345",
      discount_type: "percent",
      discount_value: "120",
      start_date: day(10),
      end_date: day(1),
      budget: "-5",
    });
    await hook(page, "submit").click();
    for (const field of ["code", "discount_value", "end_date", "budget"]) {
      await expectText(page, `error-${field}`, /\S/);
    }
    assert.equal(sent, 0);
    await fill(page, { code: "FINE-1" });
    await hook(page, "submit").click();
    await expectNoText(page, "error-code");
    await expectText(page, "error-budget", /\S/);
  }));

test("a code that is taken shows the server's error at its field", async () => {
  const { code } = await createOffer();
  await visit(
    "/admin/offers/new",
    async (page) => {
      await fill(page, {
        name: "Twice",
        code: code.toLowerCase(),
        discount_type: "flat",
        discount_value: "5",
        currency: "EUR",
        start_date: day(0),
        end_date: day(5),
      });
      await hook(page, "submit").click();
      await expectText(page, "error-code", /\S/);
      assert.match(page.url(), /\/new$/);
    },
    { expected: [answered("409|422")] },
  );
});

test("an edit is saved", async () => {
  const { code } = await createOffer();
  await visit(`/admin/offers/${code}/edit`, async (page) => {
    await hook(page, "field-name").waitFor();
    await fill(page, { name: "Another name" });
    await hook(page, "submit").click();
    await page.waitForURL((url) => !url.pathname.endsWith("/edit"));
    assert.equal((await api("GET", `/offers/${code}`)).name, "Another name");
  });
});

test("an offer without redemptions is deleted from its dashboard", async () => {
  const { code } = await createOffer();
  await visit(`/admin/offers/${code}/dashboard`, async (page) => {
    await choose(page, "offer", `remove-${code}`);
    await hook(page, "confirm-removal").click();
    await page.waitForURL("**/admin/offers");
    await hook(page, "offers-table").waitFor();
    assert.equal(await hook(page, `offer-row-${code}`).count(), 0);
  });
  await assert.rejects(api("GET", `/offers/${code}`), /offer_not_found/);
});

test("an offer with redemptions is archived from the list, keeps its history, and the archiving can be undone", async () => {
  const { code } = await createOffer();
  await redeem(code);
  await visit("/admin/offers", async (page) => {
    const row = hook(page, `offer-row-${code}`);
    await choose(page, code, `remove-${code}`);
    await row.filter({ hasText: /archived/i }).waitFor();
    const offer = await api("GET", `/offers/${code}`);
    assert.equal(offer.state, "archived");
    assert.equal(offer.totals.redemptions, 1);
    await hook(page, "notice-action").click();
    await row.filter({ hasText: /active/i }).waitFor();
  });
  assert.equal((await api("GET", `/offers/${code}`)).state, "active");
});

test("a duplicate only needs to be saved", async () => {
  const { code } = await createOffer({ discount_value: 12.5 });
  await visit("/admin/offers", async (page) => {
    await hook(page, `offer-row-${code}`).waitFor();
    await choose(page, code, `duplicate-${code}`);
    await hook(page, "submit").click();
    await page.waitForURL(`**/${code}-COPY/dashboard`);
  });
  const copy = await api("GET", `/offers/${code}-COPY`);
  assert.deepEqual([copy.discount_value, copy.budget, copy.start_date], [12.5, 1000, day(0)]);
});

test("an offer paused on its dashboard cannot be redeemed until it is resumed", async () => {
  const { code } = await createOffer();
  await visit(`/admin/offers/${code}/dashboard`, async (page) => {
    const badge = page.locator("h1 .badge");
    await hook(page, "switch-offer").filter({ hasText: "Pause" }).click();
    await badge.filter({ hasText: "Paused" }).waitFor();
    await assert.rejects(redeem(code), /offer_paused/);
    await hook(page, "switch-offer").filter({ hasText: "Resume" }).click();
    await badge.filter({ hasText: "Active" }).waitFor();
  });
  await redeem(code);
});

test("a cancelled removal removes nothing", async () => {
  const { code } = await createOffer();
  await visit(`/admin/offers/${code}/dashboard`, async (page) => {
    await choose(page, "offer", `remove-${code}`);
    await hook(page, "cancel-removal").click();
    await hook(page, "confirm-removal").waitFor({ state: "hidden" });
  });
  assert.equal((await api("GET", `/offers/${code}`)).state, "active");
});

test("two editors do not overwrite each other", async () => {
  const { id, code } = await createOffer();
  await visit(
    `/admin/offers/${code}/edit`,
    async (page) => {
      await hook(page, "field-name").waitFor();
      await api("PATCH", `/offers/${id}`, { name: "The other editor was faster" });
      await fill(page, { name: "Too late" });
      await hook(page, "submit").click();
      await hook(page, "conflict").filter({ hasText: /Name\s*Too late\s*The other editor was faster/ }).waitFor();
      await hook(page, "load-current").click();
      await page.locator('[data-testid="form-error"]').waitFor({ state: "hidden" });
      assert.equal(await hook(page, "field-name").inputValue(), "The other editor was faster");
    },
    { expected: [answered(409)] },
  );
});

test("after a conflict the user can keep their own changes", async () => {
  const { id, code } = await createOffer();
  await visit(
    `/admin/offers/${code}/edit`,
    async (page) => {
      await hook(page, "field-name").waitFor();
      await api("PATCH", `/offers/${id}`, { name: "The other editor was faster" });
      await fill(page, { name: "Mine after all" });
      const answer = await hold(page, `**/api/offers/${id}`, (request) => request.method() === "GET");
      await hook(page, "submit").click();
      assert.ok(await hook(page, "keep-mine").isDisabled(), "the other version is not loaded yet");
      answer();
      await hook(page, "keep-mine").click();
      await hook(page, "submit").click();
      await page.waitForURL("**/dashboard");
      assert.equal((await api("GET", `/offers/${id}`)).name, "Mine after all");
    },
    { expected: [answered(409)] },
  );
});

test("the form previews the terms and warns of changes to a live offer", async () => {
  const { code } = await createOffer({ budget: 1000 });
  await redeem(code);
  await visit(`/admin/offers/${code}/edit`, async (page) => {
    await expectText(page, "preview", /An order of 500\.00 USD gets 50\.00 USD off/);
    await expectText(page, "preview", /the budget covers about 20 redemptions \(19 left\)/);
    await expectNoText(page, "live-warning");
    await fill(page, { discount_value: "20" });
    await expectText(page, "preview", /gets 100\.00 USD off/);
    await expectText(page, "live-warning", /live/);
    await fill(page, { discount_value: "10", budget: "50" });
    await expectText(page, "live-warning", /stops immediately/);
  });
});

test("leaving with unsaved changes asks for confirmation", async () => {
  const { code } = await createOffer();
  await visit(`/admin/offers/${code}/edit`, async (page) => {
    await hook(page, "field-name").waitFor();
    const asked = [];
    page.on("dialog", (dialog) => {
      asked.push(dialog.message());
      return asked.length === 1 ? dialog.dismiss() : dialog.accept();
    });
    await fill(page, { name: "Half a name" });
    const cancel = page.getByRole("link", { name: "Cancel" });
    await cancel.click();
    assert.equal(await hook(page, "field-name").inputValue(), "Half a name");
    await cancel.click();
    await page.waitForURL("**/dashboard");
    assert.equal(asked.length, 2);
  });
});

test("the list works with the keyboard alone", async () => {
  const { code } = await createOffer();
  await visit("/admin/offers", async (page) => {
    await hook(page, `offer-row-${code}`).waitFor();
    await page.keyboard.press("/");
    await page.keyboard.type(code);
    await page.waitForURL(`**q=${code}`);
    await hook(page, "offers-table").locator("tbody tr").nth(1).waitFor({ state: "detached" });
    // Leaves the search field, in which letters are no shortcuts.
    await page.keyboard.press("Shift+Tab");
    await page.keyboard.press("j");
    await page.keyboard.press("Enter");
    await page.waitForURL(`**/${code}/dashboard`);
  });
});

test("the list is searched, sorted and paged, and the browser's back button works", async () => {
  const names = Array.from({ length: 28 }, (_, place) => `Page ${String(place).padStart(2, "0")}`);
  for (const name of names) {
    await createOffer({ name });
  }
  await visit("/admin/offers", async (page) => {
    const shown = (name) => hook(page, "offers-table").getByRole("link", { name, exact: true });
    await hook(page, "search").fill("Page ");
    await shown("Page 27").waitFor();
    await hook(page, "filter-state").selectOption("active");
    await hook(page, "filter-sort").selectOption("name");
    await page.waitForURL("**/offers?q=Page%20&state=active&sort=name");
    await shown("Page 00").waitFor();
    await hook(page, "page-next").click();
    await shown("Page 27").waitFor();
    assert.equal(await shown("Page 00").count(), 0);
    await page.goBack();
    await shown("Page 00").waitFor();
    await page.goForward();
    await shown("Page 27").waitFor();
    await hook(page, "page-previous").click();
    await shown("Page 00").waitFor();
    await hook(page, "filter-state").selectOption("archived");
    await hook(page, "clear-filters").click();
    await page.waitForURL("**/admin/offers");
  });
});

test("an offer is created and paused with the keyboard alone", () =>
  visit("/admin/offers", async (page) => {
    const go = async (name) => {
      const is = () => page.evaluate(() => document.activeElement?.dataset.testid);
      for (let steps = 0; (await is()) !== name; steps += 1) {
        assert.ok(steps < 60, `${name} is not reached by Tab`);
        await page.keyboard.press("Tab");
      }
    };
    await hook(page, "offers-table").waitFor();
    await page.keyboard.press("n");
    await hook(page, "field-name").waitFor();
    for (const [name, text] of [["name", "By keyboard"], ["code", `KEYS-${process.pid}`], ["discount_value", "5"]]) {
      await go(`field-${name}`);
      await page.keyboard.type(text);
    }
    await page.keyboard.press("Enter");
    await page.waitForURL(`**/KEYS-${process.pid}/dashboard`);
    await hook(page, "switch-offer").waitFor();
    await go("switch-offer");
    assert.notEqual(await page.evaluate(() => getComputedStyle(document.activeElement).outlineStyle), "none");
    await page.keyboard.press("Enter");
    await page.locator("h1 .badge").filter({ hasText: "Paused" }).waitFor();
  }));

test("search finds an offer by its code", async () => {
  const { code } = await createOffer();
  const other = await createOffer();
  await visit("/admin/offers", async (page) => {
    await hook(page, "search").fill(code);
    await hook(page, `offer-row-${other.code}`).waitFor({ state: "detached" });
    await hook(page, `offer-row-${code}`).waitFor();
  });
});
