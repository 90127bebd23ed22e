// The scripts in the page's head that request everything a first visit needs.

/** Runs in the page: requests all parts of the visited page as one file, before the app starts, and hands them out. */
function fetchBundle(folder, { dashboard, others }) {
  const path = location.pathname;
  const pages = /^\/(admin(\/(design|offers(\/new|\/[^/]+\/edit)?))?)?$/;
  const [name, files] = path.endsWith("/dashboard") ? ["dashboard", dashboard] : pages.test(path) ? ["others", others] : [];
  const parts = new Map();
  if (name) {
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
    `<script>(${fetchBundle})("${folder}", ${JSON.stringify(bundles)})</script>`,
    `<link rel="modulepreload" href="${folder}/app.js" crossorigin />`,
    `<script>(${fetchCharts})("${folder}")</script>`,
    `<script type="module">import start from "${folder}/app.js"; start({ module_or_path: fetchPart("app_bg.wasm") ?? "${folder}/app_bg.wasm" });</script>`,
  ].join("\n");
}
