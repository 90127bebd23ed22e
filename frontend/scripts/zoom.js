// Dragging across days of a chart zooms into them.
import { shown } from "./crosshair.js";

/** The current drag: the chart, the start position, and the callback. */
let drag;

/** Calls `zoom` with the indices of the first and the last day of a drag across several days. */
export function zoomable(chart, zoom) {
  const element = chart.getDom();
  element.addEventListener("pointerdown", ({ pointerType, pointerId, button, clientX }) => {
    // Touch scrolls the page.
    if (pointerType === "mouse" && button === 0) {
      element.setPointerCapture(pointerId);
      drag = { chart, zoom, from: clientX };
    }
  });
  element.addEventListener("pointermove", ({ clientX }) => drag?.chart === chart && mark(clientX));
  element.addEventListener("pointerup", ({ clientX }) => drag?.chart === chart && finish(clientX));
  element.addEventListener("pointercancel", leave);
}

addEventListener("keydown", ({ key }) => key === "Escape" && leave());

/** Highlights the dragged range, see `styles/panels.css`. */
function mark(to) {
  const { chart, from } = drag;
  const element = chart.getDom();
  const { left, width } = element.getBoundingClientRect();
  const [first, last] = [from, to].map((x) => Math.max(0, Math.min(x - left, width))).sort((one, other) => one - other);
  element.style.setProperty("--zoom-left", `${first}px`);
  element.style.setProperty("--zoom-width", `${last - first}px`);
  element.classList.add("is-zooming");
}

function finish(to) {
  const { chart, zoom, from } = drag;
  leave();
  const { left } = chart.getDom().getBoundingClientRect();
  const latest = shown.get(chart).length - 1;
  const index = (x) => Math.max(0, Math.min(chart.convertFromPixel({ xAxisIndex: 0 }, x - left), latest));
  const [first, last] = [index(from), index(to)].sort((one, other) => one - other);
  if (first < last) {
    zoom(first, last);
  }
}

function leave() {
  drag?.chart.getDom().classList.remove("is-zooming");
  drag = undefined;
}
