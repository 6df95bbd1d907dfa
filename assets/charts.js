// Pages with a picture: draws each [data-chart] from the JSON script whose id it names, again when light turns dark.
// A page loads only the parts its pictures use, and the tooltip when a pointer first comes near.
// Tooltips are drawn on the canvas, so that the content policy may forbid inline style.
import { getInstanceByDom, init, use } from "echarts/core";
import { CanvasRenderer } from "echarts/renderers";
import "echarts/lib/component/gridSimple";
import { optionOf } from "./parts/options.js";
import { tones } from "./parts/tones.js";

use([CanvasRenderer]);

// Each module registers itself when it is loaded.
const KINDS = {
  bar: () => import("echarts/lib/chart/bar"),
  custom: () => import("echarts/lib/chart/custom"),
  heatmap: () => import("echarts/lib/chart/heatmap"),
  line: () => import("echarts/lib/chart/line"),
  scatter: () => import("echarts/lib/chart/scatter"),
  tree: () => import("echarts/lib/chart/tree"),
};
const COMPONENTS = {
  dataset: () => import("echarts/lib/component/dataset"),
  legend: () => import("echarts/lib/component/legendPlain"),
  visualMap: () => import("echarts/lib/component/visualMapPiecewise"),
};
const loadTooltip = () => import("echarts/lib/component/tooltip");

const seriesOf = (option) => [option.series ?? []].flat();

function loadParts(option) {
  const components = Object.keys(COMPONENTS).filter((name) => name in option);
  const kinds = new Set(seriesOf(option).map(({ type }) => type));
  return Promise.all([...components.map((name) => COMPONENTS[name]()), ...[...kinds].map((kind) => KINDS[kind]())]);
}

const dressed = ({ tooltip, ...option }) => {
  const { fontFamily } = getComputedStyle(document.body);
  return { animation: false, textStyle: { fontFamily }, ...option };
};

async function showTooltip(chart, tooltip) {
  await loadTooltip();
  chart.setOption({ tooltip: { renderMode: "richText", confine: true, ...tooltip } });
}

async function draw(place) {
  const spec = JSON.parse(document.getElementById(place.dataset.chart).textContent);
  const option = optionOf(spec, tones());
  await loadParts(option);
  if (getInstanceByDom(place)) return;
  const chart = init(place, null, { renderer: "canvas" });
  chart.setOption(dressed(option));
  chart.on("click", ({ data }) => data?.href && window.location.assign(data.href));
  new ResizeObserver(() => chart.resize()).observe(place);
  place.addEventListener("pointerenter", () => showTooltip(chart, option.tooltip), { once: true });
}

function redraw(place) {
  getInstanceByDom(place)?.dispose();
  return draw(place);
}

const places = (root) => root.querySelectorAll("[data-chart]");

document.addEventListener("DOMContentLoaded", () => places(document).forEach(draw));
document.addEventListener("htmx:load", (event) => places(event.detail.elt).forEach(draw));
document.addEventListener("themechange", () => places(document).forEach(redraw));
