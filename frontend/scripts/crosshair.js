// Synchronises the crosshair of all charts on a page: they all show the day under the pointer.

/** The days on the axis of each visible chart. */
export const shown = new Map();
/** True while other charts are updated, whose events must not trigger further updates. */
let following = false;

/** Sets the days of a chart. The first call also connects it to the other charts. */
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

function follow(leader, index) {
  if (following) {
    return;
  }
  following = true;
  const day = shown.get(leader)?.[index];
  for (const [chart, days] of shown) {
    if (chart !== leader) {
      point(chart, days.indexOf(day));
    }
  }
  following = false;
}

function point(chart, index) {
  if (index < 0) {
    chart.dispatchAction({ type: "updateAxisPointer", currTrigger: "leave" });
    return;
  }
  const x = chart.convertToPixel({ xAxisIndex: 0 }, index);
  chart.dispatchAction({ type: "updateAxisPointer", currTrigger: "mousemove", x, y: chart.getHeight() / 2 });
}
