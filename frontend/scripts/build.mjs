// Makes what the page needs beside the WASM, in generated/: ECharts, the style sheets with their typeface, the icons.
// Trunk runs it before each build (Trunk.toml, hooks).
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const frontend = join(dirname(fileURLToPath(import.meta.url)), "..");
const generated = join(frontend, "generated");

if (!existsSync(join(frontend, "node_modules", "lucide-static"))) {
  console.error("frontend/node_modules is missing or incomplete: run `npm ci --prefix frontend` and build again.");
  process.exit(1);
}

const { build } = await import("esbuild");
const shared = {
  absWorkingDir: frontend,
  bundle: true,
  minify: true,
  legalComments: "eof",
  logLevel: "warning",
};

rmSync(generated, { recursive: true, force: true });
mkdirSync(generated);
const [styles] = await Promise.all([
  build({
    ...shared,
    entryPoints: ["styles/index.css"],
    outfile: "generated/styles.css",
    // The name carries a hash, so that the file can be kept for ever.
    loader: { ".woff2": "file" },
    assetNames: "fonts/[name]-[hash]",
    publicPath: "/",
    metafile: true,
  }),
  build({
    ...shared,
    entryPoints: ["scripts/echarts.js"],
    outfile: "generated/echarts.js",
    format: "iife",
    target: "es2022",
  }),
]);
writeFileSync(join(generated, "head.html"), preload(styles.metafile));
writeFileSync(join(generated, "icons.svg"), sprite());

/** Asks for the typeface at once: without it the browser learns of it only when the first text is laid out. */
function preload({ outputs }) {
  const fonts = Object.keys(outputs).filter((path) => path.endsWith(".woff2"));
  const link = (path) => `<link rel="preload" href="/fonts/${basename(path)}" as="font" type="font/woff2" crossorigin />`;
  return fonts.map(link).join("\n");
}

/** The icons that `src/components/icon.rs` names, one symbol each, which the page holds once. */
function sprite() {
  const names = JSON.parse(readFileSync(join(frontend, "scripts", "icons.json"), "utf8"));
  return `<svg hidden>${names.map(symbol).join("")}</svg>\n`;
}

function symbol(name) {
  const svg = readFileSync(join(frontend, "node_modules", "lucide-static", "icons", `${name}.svg`), "utf8");
  const shapes = svg.slice(svg.indexOf(">", svg.indexOf("<svg")) + 1, svg.lastIndexOf("</svg>"));
  return `<symbol id="icon-${name}" viewBox="0 0 24 24">${shapes.replace(/\s*\n\s*/g, "")}</symbol>`;
}
