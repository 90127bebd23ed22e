// What every journey needs: a browser, pages that tell of every complaint, and the API.
//
// `cargo xtask test browser` starts the server and sets OFFERCAST_URL and OFFERCAST_CHROMIUM. To run one file against
// a server of yours: OFFERCAST_URL=http://127.0.0.1:8080 OFFERCAST_CHROMIUM=/usr/bin/chromium node --test FILE
import assert from "node:assert/strict";
import { after, before } from "node:test";
import { chromium } from "playwright-core";

export const BASE = required("OFFERCAST_URL");
/** Another API process on the same database; the same one where there is no other. */
const REPLICA = process.env.OFFERCAST_REPLICA_URL ?? BASE;

const FLAGS = [
  // Containers and root have no sandbox; the only pages here are ours.
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  // A browser that phones home waits on closed networks.
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

export const WIDE = { width: 1440, height: 900 };
export const PHONE = { width: 390, height: 844 };

function required(name) {
  const value = process.env[name];
  if (!value) {
    throw new Error(`${name} is not set: run \`cargo xtask test browser\`, which sets it`);
  }
  return value.replace(/\/$/, "");
}

/** A browser with a profile of its own; the caller closes it. */
export function launch() {
  return chromium.launch({ executablePath: required("OFFERCAST_CHROMIUM"), args: FLAGS });
}

/** Call once in a file: `const visit = browser();`, then `await visit(path, async (page, complaints) => ...)`. */
export function browser() {
  let running;
  before(async () => {
    running = await launch();
  });
  after(() => running?.close());
  return (path, journey, options = {}) => visit(running, path, journey, options);
}

/**
 * Opens `path`, runs the journey and fails on anything the page complained of: console errors and warnings,
 * exceptions, failed requests, refusals by the Content-Security-Policy. `expected` are patterns of complaints that
 * belong to the journey, like the browser's own line about an answer of 404.
 */
async function visit(running, path, journey, { expected = [], viewport = WIDE, ...options }) {
  const context = await running.newContext({ viewport, ...options });
  try {
    const page = await context.newPage();
    const complaints = listen(page);
    await page.goto(BASE + path);
    await journey(page);
    const unexpected = complaints.filter((line) => !expected.some((pattern) => pattern.test(line)));
    assert.deepEqual(unexpected, [], "the page complained");
  } finally {
    await context.close();
  }
}

function listen(page) {
  const complaints = [];
  page.setDefaultTimeout(15_000);
  page.on("console", (message) => {
    if (["error", "warning"].includes(message.type())) {
      complaints.push(`${message.type()}: ${message.text()} (${message.location().url})`);
    }
  });
  page.on("pageerror", (error) => complaints.push(`exception: ${error.message}`));
  page.on("requestfailed", (request) => {
    const reason = request.failure()?.errorText;
    // A page that is left drops its requests.
    if (reason !== "net::ERR_ABORTED") {
      complaints.push(`request: ${request.url()} ${reason}`);
    }
  });
  return complaints;
}

/** What Chromium says of an answer with this status. */
export function answered(status) {
  return new RegExp(`Failed to load resource: the server responded with a status of ${status}`);
}

/** Calls the API and gives `data`; anything but success fails the test. */
export async function api(method, path, body, base = BASE) {
  const response = await fetch(`${base}/api${path}`, {
    method,
    headers: body === undefined ? {} : { "content-type": "application/json" },
    body: body === undefined ? undefined : JSON.stringify(body),
  });
  const answer = await response.json();
  assert.ok(answer.status, `${method} ${path}: ${response.status} ${JSON.stringify(answer)}`);
  return answer.data;
}

/** A date `days` from today, as the API writes it. */
export function day(days) {
  return new Date(Date.now() + days * 86_400_000).toISOString().slice(0, 10);
}

let made = 0;

/** An offer that redeems today, with a code of its own. */
export function createOffer(changes = {}) {
  made += 1;
  return api("POST", "/offers", {
    name: `Journey ${made}`,
    code: `JOURNEY-${process.pid}-${made}`,
    discount_type: "percent",
    discount_value: 10,
    currency: "USD",
    timezone: "UTC",
    start_date: day(-3),
    end_date: day(30),
    budget: 1000,
    max_redemptions: 100,
    ...changes,
  });
}

export function redeem(code, order_amount = 500) {
  return api("POST", `/offers/${code}/redeem`, { customer_id: 1001, order_amount });
}

/** The same through the other process. */
export function redeemElsewhere(code, order_amount = 500) {
  return api("POST", `/offers/${code}/redeem`, { customer_id: 1001, order_amount }, REPLICA);
}

/** The element with a test hook. */
export function hook(page, name) {
  return page.getByTestId(name);
}

/** Keeps back the requests to `url` that are meant, until what this gives is called. */
export async function hold(page, url, isMeant = () => true) {
  let release;
  const released = new Promise((resolve) => {
    release = resolve;
  });
  await page.route(url, async (route) => {
    if (isMeant(route.request())) await released;
    await route.fallback();
  });
  return release;
}

/** Opens a menu and takes something from it. */
export async function choose(page, menu, item) {
  await hook(page, `menu-${menu}`).click();
  await hook(page, item).click();
}

/** Puts values into the fields of a form, whatever kind each is. */
export async function fill(page, values) {
  for (const [name, value] of Object.entries(values)) {
    const field = hook(page, `field-${name}`);
    const kind = await field.evaluate((element) => element.tagName);
    await (kind === "SELECT" ? field.selectOption(value) : field.fill(value));
  }
}

/** Waits until an element's text fits. */
export async function expectText(page, name, pattern) {
  await hook(page, name).filter({ hasText: pattern }).waitFor();
}

/** Waits until the value of a key figure fits. */
export async function expectKpi(page, name, pattern) {
  await hook(page, `kpi-${name}`).locator(".kpi-value").filter({ hasText: pattern }).waitFor();
}

/** Waits until an element says nothing. */
export async function expectNoText(page, name) {
  await hook(page, name).filter({ hasText: /\S/ }).waitFor({ state: "detached" });
}

export const CHARTS = ["chart-daily", "chart-cumulative", "chart-budget", "chart-forecast"];

/** Waits until all four charts are drawn. */
export async function expectCharts(page) {
  for (const name of CHARTS) {
    await drawn(page, name);
  }
}

export function drawn(page, name) {
  return page.locator(`[data-testid="${name}"][data-ready="true"]`).waitFor();
}

/** The pixels of a chart. */
export function picture(page, name) {
  return hook(page, name)
    .locator("canvas")
    .first()
    .evaluate((canvas) => canvas.toDataURL());
}

/** Fails when the page is wider than the window: a phone would scroll sideways. */
export async function expectNoSidewaysScroll(page) {
  const { content, window } = await page.evaluate(() => ({
    content: document.documentElement.scrollWidth,
    window: document.documentElement.clientWidth,
  }));
  assert.ok(content <= window, `the page is ${content} px wide in a window of ${window} px`);
}
