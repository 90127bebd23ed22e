// The scripts in the page's head that request everything a first visit needs.

/** Runs in the page: requests all parts of the visited page as one file, before the app starts, and hands them out. */
function fetchBundle(folder, bundles) {
  const pages = {
    dashboard: /\/dashboard$/,
    others: /^\/(admin(\/(design|offers(\/new|\/[^/]+\/edit)?))?)?$/,
    sign_in: /^\/(login|welcome)$/,
  };
  const name = Object.keys(pages).find((name) => pages[name].test(location.pathname));
  const files = bundles[name];
  const parts = new Map();
  if (files) {
    const headers = { "content-type": "application/wasm" };
    const whole = fetch(`${folder}/${name}_bundle.wasm`).then((answer) => (answer.ok ? answer.arrayBuffer() : Promise.reject(answer)));
    let end = 0;
    for (const [file, length] of files) {
      const start = end;
      end += length;
      parts.set(file, whole.then((bytes) => new Response(bytes.slice(start, start + length), { headers }), () => fetch(`${folder}/${file}`)));
    }
  }
  // Each part once: a retry requests it from the server.
  globalThis.fetchPart = (file) => {
    const part = parts.get(file);
    parts.delete(file);
    return part;
  };
}

/**
 * Runs in the page: asks who is signed in before the app starts, because its pages wait for the answer. If nobody is,
 * opens the sign-in page (src/sign_in.rs does so later). A page that the browser kept from an earlier visit is loaded
 * again, because its visitor may have signed out meanwhile.
 */
function fetchAccount() {
  const { pathname, search } = location;
  let account;
  if (!/^\/(login|welcome)$/.test(pathname)) {
    account = fetch("/api/account", { headers: { "x-offercast-request": "1" } }).then((answer) => {
      if (answer.status !== 401) return answer;
      location.replace(`/login?return=${encodeURIComponent(pathname + search)}`);
      return new Promise(() => {});
    });
    // The app handles a failure.
    account.catch(() => {});
  }
  // Once: a retry asks the server.
  globalThis.takeAccount = () => {
    const taken = account;
    account = undefined;
    return taken;
  };
  addEventListener("pageshow", ({ persisted }) => persisted && location.reload());
}

/** Runs in the page: fetches ECharts when the first chart is drawn, and immediately on pages with charts. */
function fetchCharts(folder) {
  let charts;
  globalThis.loadCharts = () => (charts ??= import(`${folder}/echarts.js`));
  if (/^\/(admin)?$|\/dashboard$/.test(location.pathname)) {
    // The first chart handles a failure.
    loadCharts().catch(() => {});
  }
}

/** Requests everything the page needs in parallel, and starts the app as soon as it is there. */
export function head(folder, bundles) {
  return [
    `<link rel="modulepreload" href="${folder}/__wasm_split.js" crossorigin />`,
    `<script>(${fetchAccount})()</script>`,
    `<script>(${fetchBundle})("${folder}", ${JSON.stringify(bundles)})</script>`,
    `<link rel="modulepreload" href="${folder}/app.js" crossorigin />`,
    `<script>(${fetchCharts})("${folder}")</script>`,
    `<script type="module">import start from "${folder}/app.js"; start({ module_or_path: fetchPart("app_bg.wasm") ?? "${folder}/app_bg.wasm" });</script>`,
  ].join("\n");
}
