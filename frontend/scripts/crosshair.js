// One crosshair for all charts of a page: where the pointer is in one of them, the others show the same day.

/** The days of each chart that is shown, in the order of its axis. */
export const shown = new Map();
/** What we show elsewhere is not to be followed in turn. */
let following = false;

/** Says which days a chart shows. The first time it also joins the others. */
export function share(chart, days) {
  if (!shown.has(chart)) {
    chart.on("updateAxisPointer", ({ axesInfo }) => follow(chart, axesInfo?.[0]?.value));
    chart.getZr().on("globalout", () => follow(chart));
  }
  shown.set(chart, days);
}

export function leave(chart) {
  shown.delete(chart);
}

function follow(leader, place) {
  if (following) {
    return;
  }
  following = true;
  const day = shown.get(leader)?.[place];
  for (const [chart, days] of shown) {
    if (chart !== leader) {
      point(chart, days.indexOf(day));
    }
  }
  following = false;
}

function point(chart, place) {
  if (place < 0) {
    chart.dispatchAction({ type: "updateAxisPointer", currTrigger: "leave" });
    return;
  }
  const x = chart.convertToPixel({ xAxisIndex: 0 }, place);
  chart.dispatchAction({ type: "updateAxisPointer", currTrigger: "mousemove", x, y: chart.getHeight() / 2 });
}
