// Helpers of all browser tests: a browser, pages that record errors, and the API.
//
// `cargo xtask test browser` starts the server and sets OFFERCAST_URL and OFFERCAST_CHROMIUM, and OFFERCAST_KEY,
// OFFERCAST_EMAIL and OFFERCAST_PASSWORD of an owner. To run one file against a running server:
// OFFERCAST_URL=http://127.0.0.1:8080 OFFERCAST_CHROMIUM=/usr/bin/chromium OFFERCAST_KEY=... node --test FILE
import assert from "node:assert/strict";
import { after, before } from "node:test";
import { chromium } from "playwright-core";

export const BASE = required("OFFERCAST_URL");
/** Another API process on the same database. Defaults to the same process. */
const REPLICA = process.env.OFFERCAST_REPLICA_URL ?? BASE;

/** The API key of the tests. Without one, the server must run without access control. */
const KEY = process.env.OFFERCAST_KEY;
/** The person that pages are opened as. */
export const OWNER = KEY && { email: required("OFFERCAST_EMAIL"), password: required("OFFERCAST_PASSWORD") };

const FLAGS = [
  // Containers and root have no sandbox, and the tests only open our own pages.
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  // Background requests would wait for timeouts on closed networks.
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

/** Starts a browser with its own profile. The caller closes it. */
export function launch() {
  return chromium.launch({ executablePath: required("OFFERCAST_CHROMIUM"), args: FLAGS });
}

/** Call once per file: `const visit = browser();`, then `await visit(path, async (page) => ...)`. */
export function browser() {
  let running;
  before(async () => {
    running = await launch();
  });
  after(() => running?.close());
  return (path, journey, options = {}) => visit(running, path, journey, options);
}

/** Signs in through the API, and returns the cookies. */
export async function signIn(context, { email, password, second_factor }) {
  const answer = await context.request.post(`${BASE}/api/session`, { headers: OWN, data: { email, password, second_factor } });
  assert.ok(answer.ok(), `${email} cannot sign in: ${answer.status()} ${await answer.text()}`);
  return context.cookies();
}

const sessions = new Map();

/** A browser context that is signed in as a person, or as nobody. Each person signs in once per file. */
export async function openContext(running, options, person = OWNER) {
  const context = await running.newContext(options);
  if (person && !sessions.has(person.email)) {
    sessions.set(person.email, await signIn(context, person));
  }
  await context.addCookies(person ? sessions.get(person.email) : []);
  return context;
}

/**
 * Opens `path` as a person, by default as the owner, or as nobody (`as: null`), runs the journey and fails on errors of
 * the page: console errors and warnings, exceptions, failed requests and violations of the Content-Security-Policy.
 * `expected` are patterns of errors that belong to the journey, such as the browser's own message about a 404 response.
 */
async function visit(running, path, journey, { expected = [], viewport = WIDE, as = OWNER, ...options }) {
  const context = await openContext(running, { viewport, ...options }, as);
  try {
    const page = await context.newPage();
    const problems = listen(page);
    await page.goto(BASE + path);
    await journey(page);
    const unexpected = problems.filter((line) => !expected.some((pattern) => pattern.test(line)));
    assert.deepEqual(unexpected, [], "the page had errors");
  } finally {
    await context.close();
  }
}

function listen(page) {
  const problems = [];
  page.setDefaultTimeout(15_000);
  page.on("console", (message) => {
    if (["error", "warning"].includes(message.type())) {
      problems.push(`${message.type()}: ${message.text()} (${message.location().url})`);
    }
  });
  page.on("pageerror", (error) => problems.push(`exception: ${error.message}`));
  page.on("requestfailed", (request) => {
    const reason = request.failure()?.errorText;
    // Leaving a page aborts its requests.
    if (reason !== "net::ERR_ABORTED") {
      problems.push(`request: ${request.url()} ${reason}`);
    }
  });
  return problems;
}

/** Chromium's console message about a response with this status. */
export function answered(status) {
  return new RegExp(`Failed to load resource: the server responded with a status of ${status}`);
}

/** The header with the API key of the tests. */
export function authorization() {
  return KEY ? { authorization: `Bearer ${KEY}` } : {};
}

/** The headers of requests that only pages of the server itself may send. */
const OWN = { "x-offercast-request": "1", origin: BASE };

/** Calls the API and returns `data`. Fails the test unless the call succeeds. */
export async function api(method, path, body, base = BASE) {
  const response = await fetch(`${base}/api${path}`, {
    method,
    headers: { ...OWN, origin: base, ...authorization(), ...(body === undefined ? {} : { "content-type": "application/json" }) },
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

/** Creates an active offer with a unique code. */
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

/** Redeems through the other process. */
export function redeemElsewhere(code, order_amount = 500) {
  return api("POST", `/offers/${code}/redeem`, { customer_id: 1001, order_amount }, REPLICA);
}

/** Returns the element with a test hook. */
export function hook(page, name) {
  return page.getByTestId(name);
}

/** Delays matching requests to `url` until the returned function is called. */
export async function hold(page, url, matches = () => true) {
  let release;
  const released = new Promise((resolve) => {
    release = resolve;
  });
  await page.route(url, async (route) => {
    if (matches(route.request())) await released;
    await route.fallback();
  });
  return release;
}

/** Opens a menu and chooses an item. */
export async function choose(page, menu, item) {
  await hook(page, `menu-${menu}`).click();
  await hook(page, item).click();
}

/** Fills in the fields of a form. */
export async function fill(page, values) {
  for (const [name, value] of Object.entries(values)) {
    const field = hook(page, `field-${name}`);
    const kind = await field.evaluate((element) => element.tagName);
    await (kind === "SELECT" ? field.selectOption(value) : field.fill(value));
  }
}

/** Waits until an element's text matches. */
export async function expectText(page, name, pattern) {
  await hook(page, name).filter({ hasText: pattern }).waitFor();
}

/** Waits until the value of a key metric matches. */
export async function expectKpi(page, name, pattern) {
  await hook(page, `kpi-${name}`).locator(".kpi-value").filter({ hasText: pattern }).waitFor();
}

/** Waits until an element has no text. */
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

/** Returns the pixels of a chart as a data URL. */
export function picture(page, name) {
  return hook(page, name)
    .locator("canvas")
    .first()
    .evaluate((canvas) => canvas.toDataURL());
}

/** Fails if the page is wider than the window and would scroll sideways. */
export async function expectNoSidewaysScroll(page) {
  const { content, window } = await page.evaluate(() => ({
    content: document.documentElement.scrollWidth,
    window: document.documentElement.clientWidth,
  }));
  assert.ok(content <= window, `the page is ${content} px wide in a window of ${window} px`);
}
