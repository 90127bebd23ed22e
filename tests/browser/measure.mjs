// Measures first visits to each page of a running server: node measure.mjs FILE
// writes a table of bytes over the wire, times (medians), layout shift and axe findings in both themes.
import { writeFile } from "node:fs/promises";
import { busiestOffer } from "./busiest.mjs";
import { findings } from "./axe.mjs";
import { BASE, OWNER, WIDE, drawn, expectCharts, hook, launch, openContext } from "./harness.mjs";

const ROUNDS = 5;
const file = process.argv[2];

function pages(code) {
  return [
    { name: "Overview", path: "/admin", ready: (page) => drawn(page, "chart-overview") },
    { name: "Offers", path: "/admin/offers", ready: (page) => hook(page, "offers-table").waitFor() },
    { name: "An offer's dashboard", path: `/admin/offers/${code}/dashboard`, ready: expectCharts },
    { name: "Edit an offer", path: `/admin/offers/${code}/edit`, ready: (page) => hook(page, "submit").waitFor() },
    { name: "New offer", path: "/admin/offers/new", ready: (page) => hook(page, "submit").waitFor() },
    ...(OWNER ? [{ name: "Sign in", path: "/login", ready: (page) => hook(page, "sign-in").waitFor(), as: null }] : []),
  ];
}

/** Runs in the page before any other script: records when things are first shown. */
function watch() {
  globalThis.seen = { shift: 0 };
  new PerformanceObserver((list) => {
    for (const entry of list.getEntries()) {
      globalThis.seen.shift += entry.hadRecentInput ? 0 : entry.value;
    }
  }).observe({ type: "layout-shift", buffered: true });
  new PerformanceObserver((list) => {
    const { startTime, duration } = list.getEntries().at(-1);
    globalThis.seen.busy = startTime + duration;
  }).observe({ type: "longtask", buffered: true });
  new MutationObserver(() => {
    const { seen } = globalThis;
    seen.chart ??= document.querySelector("[data-ready]") ? performance.now() : undefined;
    seen.app ??= document.querySelector("main h1") ? performance.now() : undefined;
  }).observe(document, { subtree: true, childList: true, attributes: true });
}

/** One visit with an empty cache. */
async function visit(browser, { path, ready, as }) {
  const context = await openContext(browser, { viewport: WIDE }, as);
  const page = await context.newPage();
  await page.addInitScript(watch);
  await page.goto(BASE + path);
  await ready(page);
  const seen = await page.evaluate(async () => {
    await new Promise((idle) => requestIdleCallback(idle));
    const { app, busy = 0 } = globalThis.seen;
    globalThis.seen.interactive = Math.max(app, busy);
    const loads = [...performance.getEntriesByType("navigation"), ...performance.getEntriesByType("resource")];
    return { ...globalThis.seen, bytes: loads.reduce((sum, load) => sum + load.transferSize, 0) };
  });
  await context.close();
  return seen;
}

async function accessibility(browser, { path, ready, as }) {
  const context = await openContext(browser, { viewport: WIDE }, as);
  const page = await context.newPage();
  await page.goto(BASE + path);
  await ready(page);
  let count = 0;
  for (const colorScheme of ["light", "dark"]) {
    await page.emulateMedia({ colorScheme, reducedMotion: "reduce" });
    count += (await findings(page)).length;
  }
  await context.close();
  return count;
}

async function row(browser, page) {
  const visits = [];
  for (let round = 0; round < ROUNDS; round += 1) {
    visits.push(await visit(browser, page));
  }
  const median = (name) => visits.map((seen) => seen[name]).sort((a, b) => a - b)[Math.floor(ROUNDS / 2)];
  const time = (name) => (median(name) === undefined ? "–" : `${(median(name) / 1000).toFixed(2)} s`);
  const cells = [
    page.name,
    `${(median("bytes") / 1000).toFixed(0)} kB`,
    time("app"),
    time("chart"),
    time("interactive"),
    median("shift").toFixed(3),
    await accessibility(browser, page),
  ];
  return `| ${cells.join(" | ")} |`;
}

const browser = await launch();
const lines = [
  "# First visits",
  "",
  "Written by `cargo xtask measure`. Empty cache, headless Chromium on the server's own machine, 1440 px wide, median of",
  `${ROUNDS} visits. Transfer is everything sent over the network, as compressed; CLS is the layout shift; axe counts violations of`,
  "WCAG 2.2 AA and best practice in the light and the dark theme. A page is interactive once it is shown and no task keeps",
  "it busy for 50 ms or more.",
  "",
  "| page | transfer | page shown | first chart | interactive | CLS | axe |",
  "|---|---|---|---|---|---|---|",
];
try {
  for (const page of pages(await busiestOffer())) {
    lines.push(await row(browser, page));
    console.log(lines.at(-1));
  }
} finally {
  await browser.close();
}
await writeFile(file, `${lines.join("\n")}\n`);
