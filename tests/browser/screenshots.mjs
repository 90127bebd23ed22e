// Takes screenshots of every page of a running server, wide and narrow, light and dark: node screenshots.mjs FOLDER
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { busiestOffer } from "./busiest.mjs";
import { BASE, OWNER, PHONE, WIDE, drawn, expectCharts, hook, launch, openContext } from "./harness.mjs";

const folder = process.argv[2] ?? "screenshots";

function pages(code) {
  const always = [
    { name: "overview", path: "/admin", ready: (page) => drawn(page, "chart-overview") },
    { name: "offers", path: "/admin/offers", ready: (page) => hook(page, "offers-table").waitFor() },
    { name: "new", path: "/admin/offers/new", ready: (page) => hook(page, "submit").waitFor() },
    {
      name: "errors",
      path: "/admin/offers/new",
      ready: async (page) => {
        await hook(page, "submit").click();
        await hook(page, "error-name").waitFor();
      },
    },
    { name: "design", path: "/admin/design", ready: (page) => hook(page, "design").waitFor() },
    { name: "not-found", path: "/admin/nothing", ready: (page) => hook(page, "not-found").waitFor() },
    {
      name: "nothing-found",
      path: "/admin/offers?q=no-such-offer-anywhere",
      ready: (page) => hook(page, "empty-state").waitFor(),
    },
  ];
  const ofOffer = [
    { name: "edit", path: `/admin/offers/${code}/edit`, ready: (page) => hook(page, "submit").waitFor() },
    { name: "dashboard", path: `/admin/offers/${code}/dashboard`, ready: expectCharts },
  ];
  const shown = (name) => (page) => hook(page, name).waitFor();
  const access = [
    { name: "sign-in", path: "/login", ready: shown("sign-in"), as: null },
    { name: "account", path: "/admin/account", ready: shown("sessions") },
    { name: "people", path: "/admin/people", ready: shown("people") },
    { name: "keys", path: "/admin/keys", ready: shown("keys") },
    { name: "audit", path: "/admin/audit", ready: shown("audit") },
  ];
  return [...(code ? ofOffer : []), ...always, ...(OWNER ? access : [])];
}

async function photograph(browser, { name, path, ready, as }, viewport, colorScheme) {
  const options = { viewport, colorScheme, deviceScaleFactor: 2, reducedMotion: "reduce" };
  const context = await openContext(browser, options, as);
  const page = await context.newPage();
  await page.goto(BASE + path);
  await ready(page);
  const file = join(folder, `${name}-${viewport.width}-${colorScheme}.png`);
  await page.screenshot({ path: file, fullPage: true });
  console.log(file);
  await context.close();
}

await mkdir(folder, { recursive: true });
const code = await busiestOffer();
const browser = await launch();
try {
  for (const page of pages(code)) {
    for (const viewport of [WIDE, PHONE]) {
      for (const colorScheme of ["light", "dark"]) {
        await photograph(browser, page, viewport, colorScheme).catch((error) => {
          console.error(`${page.name}: ${error.message.split("\n")[0]}`);
          process.exitCode = 1;
        });
      }
    }
  }
} finally {
  await browser.close();
}
