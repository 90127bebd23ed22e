// Signing in and out, one's own account, and what each role is offered.
import assert from "node:assert/strict";
import test from "node:test";
import { expectAccessible } from "./axe.mjs";
import { answered, api, BASE, browser, createOffer, expectNoSidewaysScroll, expectText, hook, OWNER, PHONE, redeem } from "./harness.mjs";
import { createPerson, fillSignIn } from "./people.mjs";
import { totp } from "./totp.mjs";

const visit = browser();
const nobody = { as: null, expected: [answered(401)] };
const needed = { skip: OWNER ? false : "the server runs without access control" };

test("a page asks to sign in, and opens afterwards", needed, async () => {
  const { code } = await createOffer();
  await visit(
    `/admin/offers?q=${code}`,
    async (page) => {
      await page.waitForURL("**/login?return=*");
      await expectAccessible(page);
      await fillSignIn(page, { email: OWNER.email, password: "not the password" });
      await expectText(page, "sign-in-failure", /Wrong e-mail or password/);
      await page.locator("[data-testid=field-password]:focus").waitFor();
      await fillSignIn(page, OWNER);
      await hook(page, `offer-row-${code}`).waitFor();
      assert.equal(page.url(), `${BASE}/admin/offers?q=${code}`);
      await hook(page, "account-menu").waitFor();
    },
    nobody,
  );
});

test("empty fields are named, and nothing is sent", needed, () =>
  visit(
    "/login",
    async (page) => {
      await hook(page, "sign-in").click();
      await expectText(page, "error-email", /E-mail is required/);
      await expectText(page, "error-password", /Password is required/);
      await page.locator("[data-testid=field-email]:focus").waitFor();
      await expectAccessible(page);
    },
    { as: null },
  ),
);

test("signing in never leads to another site", needed, async () => {
  for (const address of ["https://example.com/admin", "//example.com", "/\\example.com", "/admin/../docs"]) {
    await visit(
      `/login?return=${encodeURIComponent(address)}`,
      async (page) => {
        await fillSignIn(page, OWNER);
        await page.waitForURL(`${BASE}/admin`);
      },
      { as: null },
    );
  }
});

test("signing out ends the session, and the page is not shown again", needed, async () => {
  const person = await createPerson("manager");
  await visit(
    "/admin/offers",
    async (page) => {
      await hook(page, "search").waitFor();
      await hook(page, "account-menu").click();
      await hook(page, "sign-out").click();
      await page.waitForURL("**/login");
      await page.goBack();
      await page.waitForURL("**/login*");
    },
    { as: person, expected: [answered(401)] },
  );
});

test("a session that has ended leads to the sign-in page, also from a live dashboard", needed, async () => {
  const person = await createPerson("manager");
  const { code } = await createOffer();
  await redeem(code);
  await visit(
    `/admin/offers/${code}/dashboard`,
    async (page) => {
      await expectText(page, "live", /^Live$/);
      await api("DELETE", `/users/${person.id}/sessions`);
      await page.waitForURL(`**/login?return=${encodeURIComponent(`/admin/offers/${code}/dashboard`)}`, { timeout: 30_000 });
      await fillSignIn(page, person);
      await expectText(page, "live", /^Live$/);
    },
    { as: person, expected: [answered(401)] },
  );
});

test("an invitation is accepted with a password of one's own", needed, async () => {
  const email = `invited-${process.pid}@example.com`;
  const { path } = await api("POST", "/users", { email, name: "Grace Hopper", role: "analyst" });
  await visit(
    path,
    async (page) => {
      await expectText(page, "link-lead", /Grace Hopper, you have been invited as Analyst/);
      assert.equal(await hook(page, "field-email").inputValue(), email);
      await expectAccessible(page);
      await hook(page, "field-password").fill("short");
      await hook(page, "set-password").click();
      await expectText(page, "error-password", /12 to 256 characters/);
      await hook(page, "show-password").click();
      assert.equal(await hook(page, "field-password").getAttribute("type"), "text");
      await hook(page, "field-password").fill("four unrelated plain words");
      await hook(page, "set-password").click();
      await page.waitForURL(`${BASE}/admin`);
      await page.getByRole("button", { name: /Grace Hopper/ }).waitFor();
      await page.goto(BASE + path);
      await page.reload();
      await hook(page, "link-invalid").waitFor();
      await expectAccessible(page);
    },
    { as: null, expected: [answered("401|422")] },
  );
});

test("the sign-in pages fit a phone", needed, () =>
  visit(
    "/login",
    async (page) => {
      await hook(page, "sign-in").waitFor();
      await expectNoSidewaysScroll(page);
      await page.goto(`${BASE}/welcome#token=unknown`);
      await hook(page, "link-invalid").waitFor();
      await expectNoSidewaysScroll(page);
    },
    { as: null, viewport: PHONE, expected: [answered(401)] },
  ),
);

test("two-step verification is set up, asked for, replaced by a recovery code, and turned off", needed, async () => {
  const person = await createPerson("analyst");
  await visit(
    "/admin/account",
    async (page) => {
      const secret = await setUp(page, person);
      const codes = await hook(page, "recovery-codes").locator("code").allTextContents();
      assert.equal(codes.length, 10);
      await expectAccessible(page);
      await hook(page, "codes-saved").click();
      await expectText(page, "two-step-state", /On.*10 recovery codes left/);
      await signInAgain(page, person);
      // The current code was used up by the set-up.
      await enterCode(page, totp(secret, 1));
      await hook(page, "account-menu").waitFor();
      await signInAgain(page, person);
      await enterCode(page, "000000");
      await expectText(page, "sign-in-failure", /wrong or has already been used/);
      await enterCode(page, codes[0]);
      await hook(page, "account-menu").waitFor();
      await page.goto(`${BASE}/admin/account`);
      await expectText(page, "two-step-state", /9 recovery codes left/);
      await hook(page, "turn-off-two-step").click();
      await hook(page, "field-password").fill(person.password);
      await hook(page, "turn-off").click();
      await expectText(page, "two-step-state", /^Off$/);
    },
    { as: person, expected: [answered("401|422")] },
  );
});

async function setUp(page, person) {
  await hook(page, "set-up-two-step").click();
  await hook(page, "field-password").fill("not the password");
  await hook(page, "continue").click();
  await expectText(page, "error-password", /wrong/);
  await hook(page, "field-password").fill(person.password);
  await hook(page, "continue").click();
  await hook(page, "qr-code").waitFor();
  await expectAccessible(page);
  const secret = (await hook(page, "two-step-secret").locator("code").textContent()).trim();
  await enterCode(page, "000000", "turn-on");
  await expectText(page, "form-failure", /wrong/);
  await enterCode(page, totp(secret), "turn-on");
  await hook(page, "recovery-codes").waitFor();
  return secret;
}

async function enterCode(page, code, button = "verify") {
  await hook(page, "field-code").fill(code);
  await hook(page, button).click();
}

async function signInAgain(page, person) {
  await hook(page, "account-menu").click();
  await hook(page, "sign-out").click();
  await page.waitForURL("**/login");
  await fillSignIn(page, person);
  await hook(page, "field-code").waitFor();
}

test("the password is changed, and other sessions end", needed, async () => {
  const person = await createPerson("manager");
  await visit("/admin/account", async (page) => {
    await hook(page, "sessions").locator("tbody tr").first().waitFor();
    await expectAccessible(page);
    await hook(page, "field-current_password").fill(person.password);
    await hook(page, "field-new_password").fill("quite another long password");
    await hook(page, "save-password").click();
    await expectText(page, "notice", /Password changed/);
    await page.setViewportSize(PHONE);
    await expectNoSidewaysScroll(page);
  }, { as: person });
});

test("managers are not offered people, keys and the audit log", needed, async () => {
  const person = await createPerson("manager");
  await visit(
    "/admin/offers",
    async (page) => {
      await hook(page, "new-offer").waitFor();
      assert.equal(await page.getByRole("link", { name: "API keys" }).count(), 0);
      for (const path of ["/admin/people", "/admin/keys", "/admin/audit"]) {
        await page.goto(BASE + path);
        await expectText(page, "forbidden", /Your role \(Manager\)/);
      }
      await expectAccessible(page);
    },
    { as: person },
  );
});

test("analysts are offered to look, and nothing else", needed, async () => {
  const person = await createPerson("analyst");
  const { code } = await createOffer();
  const { redemption_id: id } = await redeem(code);
  await visit(
    `/admin/offers/${code}/dashboard`,
    async (page) => {
      await hook(page, "recompute").waitFor();
      await hook(page, "latest").locator("tbody tr").first().waitFor();
      for (const name of ["edit-offer", "switch-offer", "what-if-apply", `reverse-${id}`]) {
        assert.equal(await hook(page, name).count(), 0, name);
      }
      await hook(page, "menu-offer").click();
      assert.deepEqual(await page.getByRole("menuitem").allTextContents(), ["Print"]);
      await page.goto(`${BASE}/admin/offers?q=${code}`);
      await hook(page, `offer-row-${code}`).waitFor();
      assert.equal(await hook(page, `menu-${code}`).count(), 0);
      assert.equal(await hook(page, "new-offer").count(), 0);
      await page.keyboard.press("n");
      for (const path of ["/admin/offers/new", `/admin/offers/${code}/edit`]) {
        await page.goto(BASE + path);
        await expectText(page, "forbidden", /Your role \(Analyst\)/);
      }
    },
    { as: person },
  );
});

test("a one-time link that does not work says so and leaves no trace in the address", needed, () =>
  visit(
    "/login#once=unknown",
    async (page) => {
      await expectText(page, "sign-in-failure", /expired or was already used/);
      assert.equal(page.url(), `${BASE}/login`);
    },
    { as: null, expected: [answered(401)] },
  ),
);
