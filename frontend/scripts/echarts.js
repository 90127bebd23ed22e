// What the dashboard draws, and nothing more: the full ECharts is over 100 kB larger over the wire.
// The global `echarts` is where charming's WasmRenderer and `src/charts/engine.rs` look for it.
import { BarChart, LineChart } from "echarts/charts";
import { GridComponent, MarkLineComponent, TooltipComponent } from "echarts/components";
import { getInstanceByDom, init, use } from "echarts/core";
import { CanvasRenderer } from "echarts/renderers";
import { leave, share } from "./crosshair.js";

use([BarChart, LineChart, GridComponent, MarkLineComponent, TooltipComponent, CanvasRenderer]);

/** In the typeface of the page. */
function initInOurs(element, _theme, size) {
  return init(element, { textStyle: { fontFamily: getComputedStyle(document.body).fontFamily } }, size);
}

globalThis.echarts = { init: initInOurs, getInstanceByDom, share, leave };
