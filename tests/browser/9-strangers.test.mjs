// Cross-site requests, and the API reference.
import assert from "node:assert/strict";
import { createServer } from "node:http";
import { once } from "node:events";
import test from "node:test";
import { api, BASE, browser, createOffer, launch, redeem } from "./harness.mjs";

const visit = browser();

/** Serves a page on another site: for browsers, localhost and 127.0.0.1 are different sites. */
async function otherSite(html) {
  const server = createServer((_, response) => response.setHeader("content-type", "text/html").end(html));
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const host = new URL(BASE).hostname === "localhost" ? "127.0.0.1" : "localhost";
  return { url: `http://${host}:${server.address().port}/`, server };
}

const FORMS = [
  { name: "an empty form", enctype: "application/x-www-form-urlencoded", field: "" },
  { name: "a form of plain text", enctype: "text/plain", field: `<input name='{"reason":"' value='"}'>` },
  { name: "a multipart form", enctype: "multipart/form-data", field: "<input name='reason' value='x'>" },
];

for (const { name, enctype, field } of FORMS) {
  test(`${name} of another site reverses nothing`, async () => {
    const { code } = await createOffer();
    const { redemption_id: id } = await redeem(code);
    const action = `${BASE}/api/redemptions/${id}/reverse`;
    const { url, server } = await otherSite(
      `<form method="post" enctype="${enctype}" action="${action}">${field}<button>Win</button></form>`,
    );
    const running = await launch();
    try {
      const page = await running.newPage();
      await page.goto(url);
      const answered = page.waitForResponse(action);
      await page.getByRole("button").click();
      assert.equal((await answered).status(), 403);
    } finally {
      await running.close();
      server.close();
    }
    const ledger = await api("GET", `/offers/${code}/redemptions`);
    assert.equal(ledger.length, 1, JSON.stringify(ledger));
  });
}

test("the API reference is shown without requests to other hosts", async () => {
  await visit("/docs/", async (page) => {
    const asked = [];
    page.on("request", (request) => asked.push(request.url()));
    await page.reload();
    await page.locator(".swagger-ui .info .title").waitFor();
    await page.locator(".opblock").first().waitFor();
    assert.deepEqual(asked.filter((url) => !url.startsWith(BASE) && !url.startsWith("data:")), []);
  });
});
