// Makes the app in generated/app: compiled, split where the pages begin (src/pages/apart.rs), bound to the browser
// and shrunk, with ECharts beside it. The tools come from PATH (`cargo xtask web` puts them there).
import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdirSync, readFileSync, readdirSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import binaryen from "binaryen";
import { minify } from "terser";

const NAME = "offercast-frontend";
const TARGET = "wasm32-unknown-unknown";
/** Size is speed for whoever opens the page, and waiting for whoever works on it (`trunk serve`). */
const forRelease = process.env.TRUNK_PROFILE !== "debug";

/** What rustc's code for browsers may use; the parts of a split file no longer say so. */
const FEATURES = ["bulk-memory", "multivalue", "mutable-globals", "nontrapping-float-to-int", "reference-types", "sign-ext"].map((name) => `--enable-${name}`);

/** Smallest when compressed, which -Oz alone is not. Nothing is in the first kilobyte: there the stack ends. */
const SMALLER = ["--flatten", "--rereloop", "-Os", "--one-caller-inline-max-function-size=50", "--low-memory-unused"];

/** Builds the app into a folder whose name changes with what is in it; gives what goes into the page's head. */
export async function app(root, generated) {
  const made = join(generated, "making");
  mkdirSync(made, { recursive: true });
  split(compile(root), made);
  run("wasm-bindgen", [join(made, "app.wasm"), "--target=web", "--no-typescript", "--keep-lld-exports", "--no-demangle", "--out-name=app", `--out-dir=${made}`]);
  rmSync(join(made, "app.wasm"));
  const loader = join(made, "__wasm_split.js");
  const script = readFileSync(loader, "utf8");
  const parts = downloads(script);
  writeFileSync(loader, askPageFirst(script));
  if (forRelease) {
    await shrink(made);
    numberNames(made);
  }
  const together = { dashboard: putTogether(made, "dashboard", parts.dashboard), others: putTogether(made, "others", parts.others) };
  renameSync(join(generated, "echarts.js"), join(made, "echarts.js"));
  const hash = contentHash(made);
  mkdirSync(join(generated, "app"));
  renameSync(made, join(generated, "app", hash));
  return head(`/app/${hash}`, together);
}

function run(program, args) {
  execFileSync(program, args, { stdio: "inherit" });
}

function compile(root) {
  const profile = forRelease ? "web" : "dev";
  run("cargo", ["build", "--manifest-path", join(root, "Cargo.toml"), "--package", NAME, "--bin", NAME, "--target", TARGET, "--profile", profile]);
  const target = process.env.CARGO_TARGET_DIR ?? join(root, "target");
  return join(target, TARGET, forRelease ? profile : "debug", `${NAME}.wasm`);
}

/** The start of the app, a file for each page, and files for what only some pages share. */
function split(wasm, into) {
  run("wasm-split-cli", [wasm, into, "--target=web", "--out-name=app"]);
}

/** The functions of Rust's core that panic, by their mangled names. */
const PANICS = /4core(9panicking|6option13(unwrap|expect)_failed|6result13unwrap_failed|5slice5index16slice_index_fail|4cell\d+panic_already)/;

async function shrink(folder) {
  for (const name of readdirSync(folder)) {
    const path = join(folder, name);
    if (name.endsWith(".wasm")) {
      writeFileSync(path, withSilentPanics(readFileSync(path)));
      run("wasm-opt", [path, "-o", path, ...SMALLER, ...FEATURES, "--strip-debug", "--strip-producers"]);
    } else {
      const { code } = await minify(readFileSync(path, "utf8"), { module: true, compress: { passes: 2 } });
      writeFileSync(path, code);
    }
  }
}

/**
 * wasm-bindgen's names of what the browser gives end in a hash, which nothing compresses. Numbers in its place, of the
 * same length, so that the WASM stays as it is.
 */
function numberNames(folder) {
  const hash = /_[0-9a-f]{16}(?![0-9a-f])/g;
  const hashes = new Set(readFileSync(join(folder, "app.js"), "utf8").match(hash));
  const numbers = new Map([...hashes].map((hash, place) => [hash, `_${String(place).padStart(hash.length - 1, "0")}`]));
  for (const name of readdirSync(folder)) {
    const path = join(folder, name);
    // A letter a byte, whatever is in it.
    const numbered = readFileSync(path, "latin1").replaceAll(hash, (found) => numbers.get(found) ?? found);
    writeFileSync(path, numbered, "latin1");
  }
}

/** Nobody can read what a panic says here: it stops at once, and what would have put it into words is not needed. */
function withSilentPanics(wasm) {
  const module = binaryen.readBinary(wasm);
  for (let place = 0; place < module.getNumFunctions(); place += 1) {
    const panics = module.getFunctionByIndex(place);
    const { name, module: imported } = binaryen.getFunctionInfo(panics);
    if (!imported && PANICS.test(name)) {
      binaryen.Function(panics).setBody(module.unreachable());
    }
  }
  const silent = module.emitBinary();
  module.dispose();
  return silent;
}

function contentHash(folder) {
  const hash = createHash("sha256");
  for (const name of readdirSync(folder).sort()) {
    hash.update(name).update(readFileSync(join(folder, name)));
  }
  return hash.digest("hex").slice(0, 16);
}

/** The files of each download (src/pages/apart.rs), by the script that loads them. */
function downloads(script) {
  const files = Object.fromEntries([...script.matchAll(/const (__chunk_\d+) = [^;]*?"\.\/([^"]+)"/g)].map(([, chunk, file]) => [chunk, file]));
  const loaders = script.matchAll(/__wasm_split_load_(\w+) = [^;]*?"\.\/([^"]+)".*?\[([^\]]*)\]\)\);/gs);
  return Object.fromEntries([...loaders].map(([, name, file, chunks]) => [name, [file, ...chunks.split(", ").filter(Boolean).map((chunk) => files[chunk])]]));
}

/** Before the loader asks the server for a part, it asks the page (`fetchTogether`). */
function askPageFirst(script) {
  return script.replaceAll(/fetch\(new URL\("\.\/([^"]+)", import\.meta\.url\)\)/g, '(fetchPart("$1") ?? $&)');
}

/**
 * All that a first visit needs in one file, where each part is compressed by what the others have in common with it:
 * a fifteenth less. Its parts, with their lengths. They stay files too, for who comes to a page from another one.
 */
function putTogether(folder, name, files) {
  const parts = ["app_bg.wasm", ...files].map((file) => [file, readFileSync(join(folder, file))]);
  writeFileSync(join(folder, `${name}_together.wasm`), Buffer.concat(parts.map(([, bytes]) => bytes)));
  return parts.map(([file, bytes]) => [file, bytes.length]);
}

/** Runs in the page: asks for all of a page at once, not only when the app has started, and hands its parts out. */
function fetchTogether(folder, { dashboard, others }) {
  const path = location.pathname;
  const pages = /^\/(admin(\/(design|offers(\/new|\/[^/]+\/edit)?))?)?$/;
  const [name, files] = path.endsWith("/dashboard") ? ["dashboard", dashboard] : pages.test(path) ? ["others", others] : [];
  const parts = new Map();
  if (name) {
    const headers = { "content-type": "application/wasm" };
    const whole = fetch(`${folder}/${name}_together.wasm`).then((answer) => (answer.ok ? answer.arrayBuffer() : Promise.reject(answer)));
    let end = 0;
    for (const [file, length] of files) {
      const start = end;
      end += length;
      parts.set(file, whole.then((bytes) => new Response(bytes.slice(start, start + length), { headers }), () => fetch(`${folder}/${file}`)));
    }
  }
  // Once each: another try asks the server.
  globalThis.fetchPart = (file) => {
    const part = parts.get(file);
    parts.delete(file);
    return part;
  };
}

/** Runs in the page: fetches ECharts when charts are first to be drawn, and at once on a page that has some. */
function fetchCharts(folder) {
  let charts;
  globalThis.loadCharts = () => (charts ??= import(`${folder}/echarts.js`));
  if (/^\/(admin)?$|\/dashboard$/.test(location.pathname)) {
    // Whoever draws hears of a failure.
    loadCharts().catch(() => {});
  }
}

/** Asks for all that the page needs at once, and starts the app as soon as it is there. */
function head(folder, together) {
  return [
    `<link rel="modulepreload" href="${folder}/__wasm_split.js" crossorigin />`,
    `<script>(${fetchTogether})("${folder}", ${JSON.stringify(together)})</script>`,
    `<link rel="modulepreload" href="${folder}/app.js" crossorigin />`,
    `<script>(${fetchCharts})("${folder}")</script>`,
    `<script type="module">import start from "${folder}/app.js"; start({ module_or_path: fetchPart("app_bg.wasm") ?? "${folder}/app_bg.wasm" });</script>`,
  ].join("\n");
}
