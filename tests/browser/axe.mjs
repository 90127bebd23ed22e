// Automated checks of WCAG 2.2 AA.
import assert from "node:assert/strict";
import axe from "axe-core";

const RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];

/** Fails on any axe finding on the current page, in both themes. */
export async function expectAccessible(page) {
  for (const colorScheme of ["light", "dark"]) {
    // Without motion: a colour in transition has another contrast.
    await page.emulateMedia({ colorScheme, reducedMotion: "reduce" });
    assert.deepEqual(await findings(page), [], `axe findings in ${colorScheme}`);
  }
}

/** Returns the axe findings of the current page. */
export async function findings(page) {
  // Evaluated, because the Content-Security-Policy forbids adding a script.
  await page.evaluate(axe.source);
  const { violations } = await page.evaluate((rules) => globalThis.axe.run({ runOnly: rules }), RULES);
  return violations.flatMap(({ id, nodes }) => nodes.map((node) => `${id}: ${node.target.join(" ")}: ${node.failureSummary}`));
}
