// The parts of ECharts that the dashboard uses. The full ECharts is over 100 kB larger over the wire.
// The page loads this module when it draws its first chart; `src/charts/echarts.rs` uses the global `echarts`.
import { BarChart, LineChart } from "echarts/charts";
import { GridComponent, MarkLineComponent, TooltipComponent } from "echarts/components";
import { getInstanceByDom, init, use } from "echarts/core";
import { CanvasRenderer } from "echarts/renderers";
import { leave, share } from "./crosshair.js";
import { zoomable } from "./zoom.js";

use([BarChart, LineChart, GridComponent, MarkLineComponent, TooltipComponent, CanvasRenderer]);

/** Creates a chart with the typeface and the language of the page. */
function initChart(element) {
  const chart = init(element, { textStyle: { fontFamily: getComputedStyle(document.body).fontFamily } });
  const setOption = chart.setOption.bind(chart);
  chart.setOption = (option, ...rest) => setOption(withLocalNumbers(option), ...rest);
  return chart;
}

/** Formats the numbers of value axes in the page's language. Options from WASM are JSON and cannot contain functions. */
function withLocalNumbers(option) {
  const { format } = new Intl.NumberFormat(document.documentElement.lang);
  for (const axis of [option.yAxis ?? []].flat()) {
    if (axis.type === "value") {
      axis.axisLabel = { ...axis.axisLabel, formatter: format };
    }
  }
  return option;
}

globalThis.echarts = { init: initChart, getInstanceByDom, share, leave, zoomable };
