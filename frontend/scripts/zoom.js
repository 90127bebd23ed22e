// Drawing across days of a chart asks for these days alone.
import { shown } from "./crosshair.js";

/** What the mouse is drawing: across which chart, from where, and who is told. */
let drawing;

/** Tells `zoom` of the places of the first and the last day, where there is more than one. */
export function zoomable(chart, zoom) {
  const element = chart.getDom();
  element.addEventListener("pointerdown", ({ pointerType, pointerId, button, clientX }) => {
    // A finger scrolls the page.
    if (pointerType === "mouse" && button === 0) {
      element.setPointerCapture(pointerId);
      drawing = { chart, zoom, from: clientX };
    }
  });
  element.addEventListener("pointermove", ({ clientX }) => drawing?.chart === chart && mark(clientX));
  element.addEventListener("pointerup", ({ clientX }) => drawing?.chart === chart && finish(clientX));
  element.addEventListener("pointercancel", leave);
}

addEventListener("keydown", ({ key }) => key === "Escape" && leave());

/** Shown by `styles/panels.css`. */
function mark(to) {
  const { chart, from } = drawing;
  const element = chart.getDom();
  const { left, width } = element.getBoundingClientRect();
  const [first, last] = [from, to].map((x) => Math.max(0, Math.min(x - left, width))).sort((one, other) => one - other);
  element.style.setProperty("--zoom-left", `${first}px`);
  element.style.setProperty("--zoom-width", `${last - first}px`);
  element.classList.add("is-zooming");
}

function finish(to) {
  const { chart, zoom, from } = drawing;
  leave();
  const { left } = chart.getDom().getBoundingClientRect();
  const latest = shown.get(chart).length - 1;
  const place = (x) => Math.max(0, Math.min(chart.convertFromPixel({ xAxisIndex: 0 }, x - left), latest));
  const [first, last] = [place(from), place(to)].sort((one, other) => one - other);
  if (first < last) {
    zoom(first, last);
  }
}

function leave() {
  drawing?.chart.getDom().classList.remove("is-zooming");
  drawing = undefined;
}
