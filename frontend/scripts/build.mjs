// Bundles what the page needs beside the WASM into generated/: ECharts and the style sheets.
// Trunk runs it before each build (Trunk.toml, hooks).
import { existsSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const frontend = join(dirname(fileURLToPath(import.meta.url)), "..");

if (!existsSync(join(frontend, "node_modules", "echarts"))) {
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

await Promise.all([
  build({
    ...shared,
    entryPoints: ["scripts/echarts.js"],
    outfile: "generated/echarts.js",
    format: "iife",
    target: "es2022",
  }),
  build({
    ...shared,
    entryPoints: ["styles/index.css"],
    outfile: "generated/styles.css",
  }),
]);
