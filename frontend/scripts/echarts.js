// What the dashboard draws, and nothing more: the full ECharts is over 100 kB larger over the wire.
// The global `echarts` is where charming's WasmRenderer looks for it.
import { BarChart, LineChart } from "echarts/charts";
import { GridComponent, MarkLineComponent, TooltipComponent } from "echarts/components";
import { init, use } from "echarts/core";
import { CanvasRenderer } from "echarts/renderers";

use([BarChart, LineChart, GridComponent, MarkLineComponent, TooltipComponent, CanvasRenderer]);

globalThis.echarts = { init };
