// In German and in the dark theme: no page contains English.
import assert from "node:assert/strict";
import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import test from "node:test";
import { expectAccessible } from "./axe.mjs";
import { OWNER, PHONE, answered, browser, createOffer, drawn, expectCharts, expectKpi, expectNoSidewaysScroll, expectText, fill, hook, redeem } from "./harness.mjs";

const visit = browser();
const german = { locale: "de-DE", colorScheme: "dark" };
const TEXTS = join(import.meta.dirname, "../../frontend/src/i18n");

/** All English texts that differ from the German ones, as patterns of whole texts. */
const english = readdirSync(TEXTS).flatMap((name) => {
  const text = readFileSync(join(TEXTS, name), "utf8");
  const pairs = [...text.matchAll(/: ?\s*"((?:[^"\\]|\\.)*)",\s*"((?:[^"\\]|\\.)*)";/g)].map(([, ours, theirs]) => [ours, theirs]);
  return pairs.filter(([ours, theirs]) => ours !== theirs && /[a-z]{3}/i.test(ours.replace(/\{\w+\}/g, ""))).map(([ours]) => pattern(ours));
});

function pattern(text) {
  const [first, ...rest] = text.trim().split(/\{\w+\}/).map((part) => part.replace(/[.*+?^$()|[\]\\]/g, "\\$&"));
  return new RegExp(`^${[first, ...rest].join(".+")}$`);
}

/** Fails on English in texts, labels, titles and placeholders, except for what users wrote themselves. */
async function expectGerman(page) {
  assert.equal(await page.locator("html").getAttribute("lang"), "de");
  const texts = await page.evaluate(() => {
    const theirs = ".offer-name, .account-name b, .records th, .ranking-name a, code, h1, option, #language, [data-testid^=language-]";
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT | NodeFilter.SHOW_ELEMENT);
    const found = [];
    for (let node = walker.currentNode; node; node = walker.nextNode()) {
      const element = node.parentElement;
      if (node.nodeType === Node.TEXT_NODE) {
        found.push(element.closest(`${theirs}, script, noscript`) ? "" : node.textContent);
      } else if (!node.matches('[data-testid^="menu-"]')) {
        // The label of such a button names an offer.
        found.push(...["aria-label", "title", "placeholder", "aria-valuetext"].map((name) => node.getAttribute(name)));
      }
    }
    return found.map((text) => text?.trim()).filter(Boolean);
  });
  assert.ok(texts.length > 10, "the page has hardly any text");
  const plain = /\b(the|is|are|has|of|and|with|until|from|offers|redemptions|redeemed|discount given)\b/i;
  assert.deepEqual(texts.filter((text) => plain.test(text) || english.some((pattern) => pattern.test(text))), []);
}

test("overview and list", async () => {
  const { code } = await createOffer({ name: "Sommeraktion" });
  await redeem(code, 1234.5);
  await visit(
    "/admin",
    async (page) => {
      await drawn(page, "chart-overview");
      await page.getByRole("heading", { name: "Übersicht" }).waitFor();
      await expectGerman(page);
      await hook(page, "as-table-overview").click();
      await expectGerman(page);
      await page.getByRole("link", { name: "Angebote", exact: true }).click();
      await hook(page, `offer-row-${code}`).filter({ hasText: "Aktiv" }).waitFor();
      await expectGerman(page);
      await expectAccessible(page);
    },
    german,
  );
});

test("the form, its errors and its preview", async () => {
  const { code } = await createOffer({ name: "Sommeraktion", budget: 999.5 });
  await visit(
    `/admin/offers/${code}/edit`,
    async (page) => {
      assert.equal(await hook(page, "field-budget").inputValue(), "999,5");
      await expectText(page, "preview", /Eine Bestellung über 500,00 USD erhält 50,00 USD Rabatt\./);
      await expectGerman(page);
      await fill(page, { discount_value: "12,5" });
      await expectText(page, "preview", /erhält 62,50 USD Rabatt/);
      assert.equal(await hook(page, "field-discount_value").inputValue(), "12,5");
      await fill(page, { name: "", code: "123", discount_value: "120", end_date: "2001-01-01", budget: "-5", timezone: "Mond" });
      await hook(page, "submit").click();
      await expectText(page, "error-name", /^Name fehlt\.$/);
      await expectText(page, "error-budget", /^Budget muss größer als 0 /);
      await expectGerman(page);
    },
    german,
  );
});

test("an error of the server", async () => {
  const [{ code }, other] = [await createOffer(), await createOffer()];
  await visit(
    `/admin/offers/${code}/edit`,
    async (page) => {
      await fill(page, { code: other.code });
      await hook(page, "submit").click();
      await expectText(page, "error-code", /^Code wird bereits von einem anderen Angebot verwendet\.$/);
      await expectGerman(page);
    },
    { ...german, expected: [answered("409|422")] },
  );
});

test("a dashboard with charts, tables, dialogs and errors", async () => {
  const { code } = await createOffer({ name: "Sommeraktion", budget: 5000, max_redemptions: 2 });
  await redeem(code, 12345.6);
  const { redemption_id } = await redeem(code, 500);
  await assert.rejects(redeem(code), /max_redemptions_reached/);
  await visit(
    `/admin/offers/${code}/dashboard`,
    async (page) => {
      await expectCharts(page);
      await expectGerman(page);
      for (const name of ["daily", "budget", "cumulative", "forecast"]) {
        await hook(page, `as-table-${name}`).click();
      }
      await expectGerman(page);
      await hook(page, "menu-offer").click();
      await hook(page, `duplicate-${code}`).waitFor();
      await expectGerman(page);
      await page.keyboard.press("Escape");
      await hook(page, "range-custom").click();
      await expectGerman(page);
      await page.keyboard.press("Escape");
      await hook(page, "menu-offer").click();
      await hook(page, "codes-offer").click();
      await hook(page, "field-code-count").fill("x");
      await hook(page, "issue-codes").click();
      await expectText(page, "error-code-count", /ganze Zahl/);
      await expectGerman(page);
      await hook(page, "close-codes").click();
      await hook(page, `reverse-${redemption_id}`).click();
      await hook(page, "confirm-reverse").waitFor();
      await expectGerman(page);
      await expectAccessible(page);
    },
    german,
  );
});

test("numbers are in German format, also on a phone", async () => {
  const { code } = await createOffer({ budget: 5000 });
  await redeem(code, 12345);
  await visit(
    `/admin/offers/${code}/dashboard`,
    async (page) => {
      await expectKpi(page, "total-discount", /1\.234,50/);
      await expectCharts(page);
      await expectNoSidewaysScroll(page);
    },
    { ...german, viewport: PHONE },
  );
});

test("signing in", { skip: OWNER ? false : "the server runs without access control" }, () =>
  visit(
    "/login",
    async (page) => {
      await hook(page, "sign-in").click();
      await expectText(page, "error-email", /E-Mail fehlt/);
      await expectGerman(page);
      await expectAccessible(page);
    },
    { ...german, as: null },
  ),
);

test("account, people, keys and audit log", { skip: OWNER ? false : "the server runs without access control" }, async () => {
  const pages = [["account", "sessions", "set-up-two-step"], ["people", "people", "invite"], ["keys", "create-key", "create-key"], ["audit", "audit"]];
  for (const [path, shown, opens] of pages) {
    await visit(
      `/admin/${path}`,
      async (page) => {
        await hook(page, shown).waitFor();
        await expectGerman(page);
        await expectAccessible(page);
        if (opens) await hook(page, opens).click();
        await expectGerman(page);
      },
      german,
    );
  }
});

test("an unknown offer and an unknown page", async () => {
  for (const path of ["/admin/offers/NO-SUCH-OFFER/dashboard", "/admin/nothing/here"]) {
    await visit(
      path,
      async (page) => {
        await hook(page, "not-found").waitFor();
        await expectGerman(page);
      },
      { ...german, expected: [answered(404)] },
    );
  }
});

test("a chosen language survives a reload", () =>
  visit("/admin/offers", async (page) => {
    await page.getByRole("heading", { name: "Offers" }).waitFor();
    await hook(page, "language-de").click();
    await page.getByRole("heading", { name: "Angebote" }).waitFor();
    await page.reload();
    await page.getByRole("heading", { name: "Angebote" }).waitFor();
    await hook(page, "language-en").click();
    await page.getByRole("heading", { name: "Offers" }).waitFor();
    assert.equal(await page.locator("html").getAttribute("lang"), "en");
  }));
