// Makes what the page is made of, in generated/: the app, ECharts, the style sheets with their typeface, the icons.
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
const { default: subset } = await import("subset-font");
const { minify } = await import("terser");

/**
 * What ECharts has and never does here, nothing in its place: another language, a theme, patterns, old options, axes of
 * time and of logarithms, axes that follow another one, stripes between ticks, data made of other data, sectors, curves
 * through points, shapes from SVG, dragging, pinching, charts that are drawn little by little or that move.
 */
const UNUSED = {
  "echarts/lib/chart/line/lineAnimationDiff.js": "export default function () {}",
  "echarts/lib/component/aria/install.js": "export function install() {}",
  "echarts/lib/component/axis/axisSplitHelper.js": "export function rectCoordAxisBuildSplitArea() {} export function rectCoordAxisHandleRemove() {}",
  "echarts/lib/component/tooltip/TooltipRichContent.js": "export default class {}",
  "echarts/lib/coord/axisAlignTicks.js": "export function scaleCalcAlign() {}",
  "echarts/lib/data/helper/transform.js": "export function applyDataTransform() {} export function registerExternalTransform() {}",
  "echarts/lib/i18n/langZH.js": "export default {};",
  "echarts/lib/label/sectorLabel.js": "export function createSectorCalculateTextPosition() {} export function setSectorTextRotation() {}",
  "echarts/lib/legacy/dataSelectAction.js": "export function createLegacyDataSelectAction() {} export function handleLegacySelectEvents() {}",
  "echarts/lib/loading/default.js": "export default function () {}",
  "echarts/lib/preprocessor/backwardCompat.js": "export default function () {}",
  "echarts/lib/scale/Log.js": "export default class {}",
  "echarts/lib/scale/Time.js": "export default class {} export function calcNiceForTimeScale() {}",
  "echarts/lib/theme/dark.js": "export default {};",
  "echarts/lib/util/decal.js": "export function createOrUpdatePatternFromDecal() {}",
  "echarts/lib/util/shape/sausage.js": "export default class {}",
  "echarts/lib/visual/decal.js": "export const decalVisualStageHandler = { overallReset() {} };",
  "zrender/lib/core/GestureMgr.js": "export class GestureMgr { clear() {} recognize() {} }",
  // Browsers sort as it does.
  "zrender/lib/core/timsort.js": "export default (list, compare) => list.sort(compare);",
  "zrender/lib/graphic/IncrementalDisplayable.js": "export default class {}",
  "zrender/lib/graphic/helper/roundSector.js": "export function buildPath() {}",
  "zrender/lib/graphic/helper/smoothBezier.js": "export default function () {}",
  "zrender/lib/mixin/Draggable.js": "export default class {}",
  "zrender/lib/tool/path.js": "export function clonePath() {} export function createFromString() {} export function extendFromString() {} export function mergePath() {}",
};

const withoutUnused = {
  name: "without-unused",
  setup(build) {
    build.onLoad({ filter: /(echarts|zrender).lib.*\.js$/ }, ({ path }) => {
      const unused = Object.keys(UNUSED).find((name) => path.endsWith(join("node_modules", name)));
      return unused && { contents: UNUSED[unused], loader: "js" };
    });
  },
};
const { app } = await import("./app.mjs");
const shared = {
  absWorkingDir: frontend,
  bundle: true,
  minify: true,
  legalComments: "eof",
  logLevel: "warning",
};

rmSync(generated, { recursive: true, force: true });
mkdirSync(generated);
writeFileSync(join(generated, "geist.woff2"), await typeface());
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
    format: "esm",
    target: "es2022",
    plugins: [withoutUnused],
  }).then(shrink),
]);
writeFileSync(join(generated, "head.html"), preload(styles.metafile) + (await app(join(frontend, ".."), generated)));
writeFileSync(join(generated, "icons.svg"), sprite());

/** The weights and features that the style sheets use, the characters that they ask it for (`unicode-range`): three fifths of it. */
function typeface() {
  const whole = readFileSync(join(frontend, "node_modules/@fontsource-variable/geist/files/geist-latin-wght-normal.woff2"));
  const ranges = readFileSync(join(frontend, "styles/tokens.css"), "utf8").match(/unicode-range: ([^;]+);/)[1].split(", ");
  const text = ranges.flatMap(characters).join("");
  return subset(whole, text, { targetFormat: "woff2", variationAxes: { wght: { min: 400, max: 700 } }, keepFeatures: ["kern", "liga", "tnum"] });
}

/** "U+0041-005A" */
function characters(range) {
  const [first, last = first] = range.slice(2).split("-").map((code) => Number.parseInt(code, 16));
  return Array.from({ length: last - first + 1 }, (_, place) => String.fromCodePoint(first + place));
}

/** A tenth smaller than what esbuild alone makes of it. */
async function shrink() {
  const path = join(generated, "echarts.js");
  const bundle = readFileSync(path, "utf8");
  // ECharts begins its private names with `_`. Those in quotes it puts together at run time.
  const reserved = [...bundle.matchAll(/["'](_\w+)["']/g)].map(([, name]) => name);
  const { code } = await minify(bundle, {
    module: true,
    compress: { passes: 3, ecma: 2020, pure_getters: true },
    mangle: { properties: { regex: /^_[a-z]/, reserved } },
    format: { comments: /licen[cs]e/i },
  });
  writeFileSync(path, code);
}

/** Asks for the typeface at once: without it the browser learns of it only when the first text is laid out. */
function preload({ outputs }) {
  const fonts = Object.keys(outputs).filter((path) => path.endsWith(".woff2"));
  const link = (path) => `<link rel="preload" href="/fonts/${basename(path)}" as="font" type="font/woff2" crossorigin />`;
  return fonts.map((path) => `${link(path)}\n`).join("");
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
