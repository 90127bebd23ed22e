// What the dashboard draws, and nothing more: the full ECharts is over 100 kB larger over the wire.
// A module that is fetched when charts are first drawn; the global `echarts` is where `src/charts/engine.rs` looks for it.
import { BarChart, LineChart } from "echarts/charts";
import { GridComponent, MarkLineComponent, TooltipComponent } from "echarts/components";
import { getInstanceByDom, init, use } from "echarts/core";
import { CanvasRenderer } from "echarts/renderers";
import { leave, share } from "./crosshair.js";
import { zoomable } from "./zoom.js";

use([BarChart, LineChart, GridComponent, MarkLineComponent, TooltipComponent, CanvasRenderer]);

/** In the typeface and the language of the page. */
function initInOurs(element) {
  const chart = init(element, { textStyle: { fontFamily: getComputedStyle(document.body).fontFamily } });
  const setOption = chart.setOption.bind(chart);
  chart.setOption = (option, ...rest) => setOption(inOurLanguage(option), ...rest);
  return chart;
}

/** ECharts sets thousands apart as English does. A function that says otherwise cannot come out of WebAssembly. */
function inOurLanguage(option) {
  const { format } = new Intl.NumberFormat(document.documentElement.lang);
  for (const axis of [option.yAxis ?? []].flat()) {
    if (axis.type === "value") {
      axis.axisLabel = { ...axis.axisLabel, formatter: format };
    }
  }
  return option;
}

globalThis.echarts = { init: initInOurs, getInstanceByDom, share, leave, zoomable };
