// Builds the app into generated/app: compiles it, splits it into downloads (src/pages/lazy_pages.rs), generates the
// JavaScript bindings and minifies everything. The tools come from PATH (`cargo xtask web` puts them there).
import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdirSync, readFileSync, readdirSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import binaryen from "binaryen";
import { minify } from "terser";
import { allMatches, expect } from "./expect.mjs";
import { head } from "./head.mjs";
import { downloads, preferBundle } from "./loader.mjs";

const NAME = "offercast-frontend";
const TARGET = "wasm32-unknown-unknown";
/** Debug builds (`trunk serve`) skip minification, which takes long. */
const forRelease = process.env.TRUNK_PROFILE !== "debug";

/** The WASM features of rustc's output. Its parts no longer declare them after the split. */
const FEATURES = ["bulk-memory", "multivalue", "mutable-globals", "nontrapping-float-to-int", "reference-types", "sign-ext"].map((name) => `--enable-${name}`);

/** Smallest after compression, unlike -Oz. The first kilobyte of memory is unused: the stack ends there. */
const SMALLER = ["--flatten", "--rereloop", "-Os", "--one-caller-inline-max-function-size=50", "--low-memory-unused"];

/** The downloads that a visit begins with. The pages of the others are usually opened from another page. */
const FIRST_VISITS = ["dashboard", "others", "sign_in"];

/** Builds the app into a folder named after its contents. Returns the HTML for the page's head. */
export async function app(root, generated) {
  const folder = join(generated, "building");
  mkdirSync(folder, { recursive: true });
  split(compile(root), folder);
  run("wasm-bindgen", [join(folder, "app.wasm"), "--target=web", "--no-typescript", "--keep-lld-exports", "--no-demangle", "--out-name=app", `--out-dir=${folder}`]);
  rmSync(join(folder, "app.wasm"));
  const loader = join(folder, "__wasm_split.js");
  const script = readFileSync(loader, "utf8");
  const parts = downloads(script);
  writeFileSync(loader, preferBundle(script, parts));
  if (forRelease) {
    await shrink(folder);
    numberNames(folder);
  }
  const bundles = Object.fromEntries(FIRST_VISITS.map((name) => [name, writeBundle(folder, name, parts[name])]));
  renameSync(join(generated, "echarts.js"), join(folder, "echarts.js"));
  const hash = contentHash(folder);
  mkdirSync(join(generated, "app"));
  renameSync(folder, join(generated, "app", hash));
  return head(`/app/${hash}`, bundles);
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

/** Writes the start of the app, a file per download, and files that several downloads share. */
function split(wasm, into) {
  run("wasm-split-cli", [wasm, into, "--target=web", "--out-name=app"]);
}

/** The panicking functions of Rust's core, by their mangled names. */
const PANICS = /4core(9panicking|6option13(unwrap|expect)_failed|6result13unwrap_failed|5slice5index16slice_index_fail|4cell\d+panic_already)/;

async function shrink(folder) {
  let silenced = 0;
  for (const name of readdirSync(folder)) {
    const path = join(folder, name);
    if (name.endsWith(".wasm")) {
      const { wasm, count } = withSilentPanics(readFileSync(path));
      silenced += count;
      writeFileSync(path, wasm);
      run("wasm-opt", [path, "-o", path, ...SMALLER, ...FEATURES, "--strip-debug", "--strip-producers"]);
    } else {
      const { code } = await minify(readFileSync(path, "utf8"), { module: true, compress: { passes: 2 } });
      writeFileSync(path, code);
    }
  }
  expect(silenced > 0, `functions of Rust's core that panic, but no name in the WASM matches ${PANICS}: does rustc mangle them differently now?`);
}

/**
 * Replaces the hashes at the end of wasm-bindgen's import names by numbers, because hashes do not compress. The numbers
 * have the same length, so that the WASM stays valid.
 */
function numberNames(folder) {
  const hash = /_[0-9a-f]{16}(?![0-9a-f])/g;
  const names = allMatches(readFileSync(join(folder, "app.js"), "utf8"), hash, "import names of wasm-bindgen that end in a hash of 16 digits in app.js");
  const hashes = new Set(names.map(([name]) => name));
  const numbers = new Map([...hashes].map((hash, index) => [hash, `_${String(index).padStart(hash.length - 1, "0")}`]));
  const inWasm = new Set();
  for (const name of readdirSync(folder)) {
    const path = join(folder, name);
    // latin1 maps each byte to one character and back, also in binary files.
    const numbered = readFileSync(path, "latin1").replaceAll(hash, (found) => {
      if (name.endsWith(".wasm")) inWasm.add(found);
      return numbers.get(found) ?? found;
    });
    writeFileSync(path, numbered, "latin1");
  }
  const missing = [...hashes].filter((hash) => !inWasm.has(hash));
  expect(missing.length < hashes.size, "the hashed names of app.js as import names in the WASM, found none");
}

/** Replaces panicking functions by a trap: nobody reads a panic message in a browser, and the code that formats it is large. */
function withSilentPanics(bytes) {
  const module = binaryen.readBinary(bytes);
  let count = 0;
  for (let index = 0; index < module.getNumFunctions(); index += 1) {
    const panics = module.getFunctionByIndex(index);
    const { name, module: imported } = binaryen.getFunctionInfo(panics);
    if (!imported && PANICS.test(name)) {
      binaryen.Function(panics).setBody(module.unreachable());
      count += 1;
    }
  }
  const wasm = module.emitBinary();
  module.dispose();
  return { wasm, count };
}

function contentHash(folder) {
  const hash = createHash("sha256");
  for (const name of readdirSync(folder).sort()) {
    hash.update(name).update(readFileSync(join(folder, name)));
  }
  return hash.digest("hex").slice(0, 16);
}

/**
 * Writes all parts of a first visit as one file, which compresses better than separate files (by a fifteenth). Returns
 * the parts with their lengths. The separate files stay for visitors who come from another page.
 */
function writeBundle(folder, name, files) {
  const parts = ["app_bg.wasm", ...files].map((file) => [file, readFileSync(join(folder, file))]);
  writeFileSync(join(folder, `${name}_bundle.wasm`), Buffer.concat(parts.map(([, bytes]) => bytes)));
  return parts.map(([file, bytes]) => [file, bytes.length]);
}
