// Builds the parts of the page into generated/: the app, ECharts, the style sheets with their typeface, the icons.
// Trunk runs this before each build (Trunk.toml, hooks).
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { allMatches, expect, firstGroup } from "./expect.mjs";

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
 * Modules of ECharts that this app never calls, and the stubs that replace them: other languages, themes, patterns, old
 * options, time and logarithmic axes, axes aligned with another one, stripes between ticks, data transforms, sectors,
 * smooth curves, SVG paths, dragging, pinching, incremental rendering and animation.
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
  // Array.prototype.sort is stable as well.
  "zrender/lib/core/timsort.js": "export default (list, compare) => list.sort(compare);",
  "zrender/lib/graphic/IncrementalDisplayable.js": "export default class {}",
  "zrender/lib/graphic/helper/roundSector.js": "export function buildPath() {}",
  "zrender/lib/graphic/helper/smoothBezier.js": "export default function () {}",
  "zrender/lib/mixin/Draggable.js": "export default class {}",
  "zrender/lib/tool/path.js": "export function clonePath() {} export function createFromString() {} export function extendFromString() {} export function mergePath() {}",
};

const replaced = new Set();

/** Replaces the modules in UNUSED by their stubs. */
const withoutUnused = {
  name: "without-unused",
  setup(build) {
    build.onLoad({ filter: /(echarts|zrender).lib.*\.js$/ }, ({ path }) => {
      const unused = Object.keys(UNUSED).find((name) => path.endsWith(join("node_modules", name)));
      if (unused) replaced.add(unused);
      return unused && { contents: UNUSED[unused], loader: "js" };
    });
    build.onEnd(({ errors }) => {
      const missing = Object.keys(UNUSED).filter((name) => !replaced.has(name));
      expect(errors.length > 0 || missing.length === 0, `ECharts to load all modules that UNUSED in build.mjs replaces, but it does not load ${missing.join(", ")}`);
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
    // The hash in the name allows browsers to cache the file for ever.
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

/** The typeface reduced to the weights, features and characters (`unicode-range`) that the style sheets use: three fifths of it. */
function typeface() {
  const whole = readFileSync(join(frontend, "node_modules/@fontsource-variable/geist/files/geist-latin-wght-normal.woff2"));
  const styles = readFileSync(join(frontend, "styles/theme.css"), "utf8");
  const ranges = firstGroup(styles, /unicode-range: ([^;]+);/, "a `unicode-range: …;` in styles/theme.css");
  const text = ranges.split(/,\s*/).flatMap(characters).join("");
  return subset(whole, text, { targetFormat: "woff2", variationAxes: { wght: { min: 400, max: 700 } }, keepFeatures: ["kern", "liga", "tnum"] });
}

/** The characters of a range such as "U+0041-005A". */
function characters(range) {
  expect(/^U\+[0-9A-F]+(-[0-9A-F]+)?$/i.test(range), `ranges such as U+0041-005A in the unicode-range of styles/theme.css, found "${range}"`);
  const [first, last = first] = range.slice(2).split("-").map((code) => Number.parseInt(code, 16));
  return Array.from({ length: last - first + 1 }, (_, index) => String.fromCodePoint(first + index));
}

/** Minifies ECharts further, by a tenth, by shortening its private property names. */
async function shrink() {
  const path = join(generated, "echarts.js");
  const bundle = readFileSync(path, "utf8");
  // Private names of ECharts start with `_`. It builds those that also appear in quotes at run time: they must stay.
  allMatches(bundle, /\._[a-z]\w*/g, "private property names of ECharts that start with `_`");
  const quoted = allMatches(bundle, /["'](_\w+)["']/g, "quoted private names of ECharts");
  const reserved = quoted.map(([, name]) => name);
  const { code } = await minify(bundle, {
    module: true,
    compress: { passes: 3, ecma: 2020, pure_getters: true },
    mangle: { properties: { regex: /^_[a-z]/, reserved } },
    format: { comments: /licen[cs]e/i },
  });
  expect(/licen[cs]e/i.test(code), "the licence comment of ECharts in the minified bundle");
  writeFileSync(path, code);
}

/** Preloads the typeface: otherwise the browser requests it only when it lays out the first text. */
function preload({ outputs }) {
  const fonts = Object.keys(outputs).filter((path) => path.endsWith(".woff2"));
  expect(fonts.length > 0, "a font file (.woff2) among the outputs of styles/index.css");
  const link = (path) => `<link rel="preload" href="/fonts/${basename(path)}" as="font" type="font/woff2" crossorigin />`;
  return fonts.map((path) => `${link(path)}\n`).join("");
}

/** An SVG sprite of the icons that `src/components/icon.rs` names. */
function sprite() {
  const names = JSON.parse(readFileSync(join(frontend, "scripts", "icons.json"), "utf8"));
  return `<svg hidden>${names.map(symbol).join("")}</svg>\n`;
}

function symbol(name) {
  const svg = readFileSync(join(frontend, "node_modules", "lucide-static", "icons", `${name}.svg`), "utf8");
  const shapes = firstGroup(svg, /<svg[^>]*>(.*)<\/svg>/s, `an <svg> element in the icon ${name}`);
  return `<symbol id="icon-${name}" viewBox="0 0 24 24">${shapes.replace(/\s*\n\s*/g, "")}</symbol>`;
}
