// The component gallery: screenshots of every component in every state, and interactive components.
import assert from "node:assert/strict";
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import test from "node:test";
import { expectAccessible } from "./axe.mjs";
import { PHONE, WIDE, browser, expectNoSidewaysScroll, hook } from "./harness.mjs";

const visit = browser();
const FOLDER = join(import.meta.dirname, "../../docs/screenshots/all");

for (const viewport of [WIDE, PHONE]) {
  test(`every component in every state, ${viewport.width} px wide`, () =>
    visit(
      "/admin/design",
      async (page) => {
        await hook(page, "design").waitFor();
        await expectNoSidewaysScroll(page);
        await expectAccessible(page);
        await mkdir(FOLDER, { recursive: true });
        for (const colorScheme of ["light", "dark"]) {
          await page.emulateMedia({ colorScheme, reducedMotion: "reduce" });
          await page.screenshot({ path: join(FOLDER, `design-${viewport.width}-${colorScheme}.png`), fullPage: true });
        }
      },
      { viewport },
    ));
}

test("a menu works with the keyboard and returns the focus", () =>
  visit("/admin/design", async (page) => {
    await hook(page, "sample-menu").focus();
    await page.keyboard.press("Enter");
    await focused(page, "sample-edit");
    await page.keyboard.press("ArrowDown");
    await focused(page, "sample-pause");
    await page.keyboard.press("End");
    await focused(page, "sample-delete");
    await page.keyboard.press("Escape");
    await focused(page, "sample-menu");
    await hook(page, "sample-edit").waitFor({ state: "detached" });
  }));

test("a chosen theme survives a reload, and the system's can be restored", () =>
  visit("/admin/design", async (page) => {
    await page.emulateMedia({ colorScheme: "light" });
    const light = await background(page);
    await hook(page, "theme-dark").click();
    const dark = await background(page);
    assert.notEqual(dark, light);
    await page.reload();
    await hook(page, "design").waitFor();
    assert.equal(await background(page), dark);
    await hook(page, "theme-system").click();
    assert.equal(await background(page), light);
  }));

function background(page) {
  return page.evaluate(() => getComputedStyle(document.body).backgroundColor);
}

function focused(page, name) {
  return page.locator(`[data-testid="${name}"]:focus`).waitFor();
}
