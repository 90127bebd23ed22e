// Managing people, API keys and the audit log.
import assert from "node:assert/strict";
import test from "node:test";
import { expectAccessible } from "./axe.mjs";
import { answered, api, BASE, browser, choose, createOffer, day, expectNoSidewaysScroll, expectText, fill, hook, OWNER, PHONE, redeem } from "./harness.mjs";
import { createPerson, fillSignIn } from "./people.mjs";

const visit = browser();
const needed = { skip: OWNER ? false : "the server runs without access control" };

test("a person is invited, promoted, disabled and removed", needed, async () => {
  const email = `people-${process.pid}@example.com`;
  const row = (page) => hook(page, `person-${email}`);
  await visit(
    "/admin/people",
    async (page) => {
      await hook(page, "people").waitFor();
      await expectAccessible(page);
      await hook(page, "invite").click();
      await fill(page, { name: "Joan Clarke", email: "nobody" });
      await hook(page, "submit").click();
      await expectText(page, "error-email", /e-mail address/);
      await fill(page, { email });
      await hook(page, "role-option-manager").check();
      await expectAccessible(page);
      await hook(page, "submit").click();
      await expectText(page, "person-link", new RegExp(`${BASE}/welcome#token=`));
      await hook(page, "close-link").click();
      await row(page).filter({ hasText: "Manager" }).filter({ hasText: "Invited" }).waitFor();

      await choose(page, email, `role-${email}`);
      await hook(page, "role-option-analyst").check();
      await hook(page, "submit").click();
      await row(page).filter({ hasText: "Analyst" }).waitFor();

      await choose(page, email, `disable-${email}`);
      await expectAccessible(page);
      await hook(page, "confirm").click();
      await row(page).filter({ hasText: "Disabled" }).waitFor();
      await choose(page, email, `enable-${email}`);
      await row(page).filter({ hasText: "Invited" }).waitFor();

      await choose(page, email, `link-${email}`);
      await hook(page, "confirm").click();
      await expectText(page, "person-link", /#token=/);
      await hook(page, "close-link").click();

      await choose(page, email, `remove-${email}`);
      await hook(page, "confirm").click();
      await row(page).waitFor({ state: "detached" });
    },
    { expected: [answered(422)] },
  );
});

test("the last owner stays one, and is not offered to be removed", needed, () =>
  visit(
    "/admin/people",
    async (page) => {
      await hook(page, `menu-${OWNER.email}`).click();
      assert.equal(await hook(page, `remove-${OWNER.email}`).count(), 0);
      await hook(page, `role-${OWNER.email}`).click();
      await hook(page, "role-option-analyst").check();
      await hook(page, "submit").click();
      await expectText(page, "form-failure", /owner/);
      await hook(page, "cancel").click();
    },
    { expected: [answered(409)] },
  ),
);

test("a key is created for one offer, tried as shown, rotated and revoked", needed, async () => {
  const { code, id } = await createOffer();
  const other = await createOffer();
  await visit(
    "/admin/keys",
    async (page) => {
      await hook(page, "create-key").click();
      await fill(page, { name: "Web shop", offer_ids: "NO-SUCH-OFFER", networks: "127.0.0.0/8, ::1", expires_at: day(30) });
      await expectAccessible(page);
      await hook(page, "submit").click();
      await expectText(page, "error-offer_ids", /There is no offer NO-SUCH-OFFER/);
      await fill(page, { offer_ids: code });
      await hook(page, "submit").click();
      await hook(page, "key-secret").waitFor();
      await expectAccessible(page);
      const secret = await shownSecret(page);
      assert.equal((await tryExample(page)).status, 201);
      assert.equal((await redeemWith(secret, other.code)).status, 404);
      await hook(page, "close-key").click();

      const prefix = (await keys()).find((key) => key.name === "Web shop").prefix;
      const row = hook(page, `key-${prefix}`);
      await row.filter({ hasText: "Redeem" }).filter({ hasText: `Offers ${id}` }).filter({ hasText: "127.0.0.0/8" }).waitFor();
      await choose(page, prefix, `rotate-${prefix}`);
      await hook(page, "field-former").selectOption("0");
      await hook(page, "submit").click();
      await hook(page, "key-secret").waitFor();
      const rotated = await shownSecret(page);
      await hook(page, "close-key").click();
      await eventually(async () => (await redeemWith(secret, code)).status === 401);
      assert.equal((await redeemWith(rotated, code)).status, 201);

      const next = (await keys()).find((key) => key.name === "Web shop" && key.status === "active").prefix;
      await choose(page, next, `revoke-${next}`);
      await hook(page, "confirm").click();
      await hook(page, `key-${next}`).filter({ hasText: "Revoked" }).waitFor();
      await eventually(async () => (await redeemWith(rotated, code)).status === 401);
    },
    { expected: [answered(404)] },
  );
});

function keys() {
  return api("GET", "/keys");
}

async function shownSecret(page) {
  return (await hook(page, "key-secret").locator("code").textContent()).trim();
}

/** Sends the call that the page shows. */
async function tryExample(page) {
  const example = await hook(page, "key-example").textContent();
  const [address] = example.match(/http\S+/);
  const headers = Object.fromEntries([...example.matchAll(/-H '([^:]+): ([^']+)'/g)].map(([, name, value]) => [name, value]));
  const [body] = example.match(/\{.*\}/);
  return fetch(address, { method: "POST", headers, body });
}

function redeemWith(secret, code) {
  const headers = { authorization: `Bearer ${secret}`, "content-type": "application/json" };
  const body = JSON.stringify({ customer_id: 1001, order_amount: 500 });
  return fetch(`${BASE}/api/offers/${code}/redeem`, { method: "POST", headers, body });
}

/** Waits until a condition holds: other processes learn of a change within two seconds. */
async function eventually(condition) {
  const end = Date.now() + 5_000;
  while (!(await condition())) {
    assert.ok(Date.now() < end, `not within five seconds: ${condition}`);
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

test("the audit log names changes in words, filters them and offers a file", needed, async () => {
  const { code } = await createOffer({ budget: 3000 });
  const person = await createPerson("manager", "Mary Jackson");
  await visit("/login", async (page) => {
    await fillSignIn(page, person);
    await hook(page, "account-menu").waitFor();
    await page.goto(`${BASE}/admin/offers/${code}/edit`);
    await fill(page, { budget: "4000" });
    await hook(page, "submit").click();
    await page.waitForURL("**/dashboard");
  }, { as: null });
  await visit("/admin/audit", async (page) => {
    const log = hook(page, "audit");
    await log.locator("tbody tr").first().waitFor();
    await expectAccessible(page);
    await hook(page, "filter-offer").fill(code);
    await hook(page, "filter-offer").press("Enter");
    await page.waitForURL(`**/admin/audit?offer=${code}`);
    const changed = log.locator("tbody tr").filter({ hasText: "Budget raised from 3,000 to 4,000" });
    await changed.filter({ hasText: "Mary Jackson" }).filter({ hasText: "127.0.0.1" }).waitFor();
    await hook(page, "filter-action").selectOption("key");
    await hook(page, "empty-state").waitFor();
    await hook(page, "filter-action").selectOption("offer");
    await changed.waitFor();
    await hook(page, "filter-actor").fill("Mary");
    await hook(page, "filter-actor").press("Enter");
    await page.waitForURL("**actor=Mary**");
    await changed.waitFor();
    const [file] = await Promise.all([page.waitForEvent("download"), hook(page, "audit-csv").click()]);
    assert.match(file.suggestedFilename(), /\.csv$/);
    await page.setViewportSize(PHONE);
    await expectNoSidewaysScroll(page);
  });
});

test("an offer's history is fetched when it is opened", needed, async () => {
  const { code } = await createOffer({ budget: 3000 });
  await redeem(code);
  await api("PATCH", `/offers/${code}`, { budget: 4000 });
  await visit(`/admin/offers/${code}/dashboard`, async (page) => {
    const asked = [];
    page.on("request", (request) => asked.push(new URL(request.url()).pathname));
    await hook(page, "recompute").waitFor();
    assert.ok(!asked.some((path) => path.endsWith("/history")));
    await hook(page, "history").locator("summary").click();
    await expectText(page, "history-entries", /Budget raised from 3,000 to 4,000/);
    await expectText(page, "history-entries", /Offer created/);
    await expectAccessible(page);
  });
});

test("the pages for managing access fit a phone, where the account menu leads to them", needed, () =>
  visit(
    "/admin",
    async (page) => {
      for (const [item, shown] of [["open-people", "people"], ["open-keys", "keys"], ["open-audit", "audit"], ["open-account", "profile"]]) {
        await hook(page, "account-menu").click();
        await hook(page, item).click();
        await hook(page, shown).waitFor();
        await expectNoSidewaysScroll(page);
        await expectAccessible(page);
      }
    },
    { viewport: PHONE },
  ),
);
