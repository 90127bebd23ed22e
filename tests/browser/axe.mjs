// WCAG 2.2 AA, as far as a machine can tell.
import assert from "node:assert/strict";
import axe from "axe-core";

const RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];

/** Fails on anything that axe finds on the page as it is now, in either theme. */
export async function expectAccessible(page) {
  for (const colorScheme of ["light", "dark"]) {
    // Without motion: a colour that is on its way to another has a contrast of its own.
    await page.emulateMedia({ colorScheme, reducedMotion: "reduce" });
    assert.deepEqual(await findings(page), [], `axe complains in ${colorScheme}`);
  }
}

/** What axe finds on the page as it is now. */
export async function findings(page) {
  // Evaluated rather than added as a script, which the Content-Security-Policy forbids.
  await page.evaluate(axe.source);
  const { violations } = await page.evaluate((rules) => globalThis.axe.run({ runOnly: rules }), RULES);
  return violations.flatMap(({ id, nodes }) => nodes.map((node) => `${id}: ${node.target.join(" ")}: ${node.failureSummary}`));
}
