// Pages with a picture: draws each [data-chart] from the JSON script whose id it names.
// A page loads only the parts its pictures use, and the tooltip when a pointer first comes near.
// Tooltips are drawn on the canvas, so that the content policy may forbid inline style.
import { getInstanceByDom, init, use } from "echarts/core";
import { CanvasRenderer } from "echarts/renderers";
import "echarts/lib/component/gridSimple";

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

const styleOf = (element) => getComputedStyle(element);

function dressed({ tooltip, ...option }) {
  const color = styleOf(document.documentElement).getPropertyValue("--ink").trim() || "#222";
  const { fontFamily } = styleOf(document.body);
  return { animation: false, textStyle: { color, fontFamily }, ...option };
}

async function showTooltip(chart, tooltip) {
  await loadTooltip();
  chart.setOption({ tooltip: { renderMode: "richText", confine: true, ...tooltip } });
}

async function draw(place) {
  const option = JSON.parse(document.getElementById(place.dataset.chart).textContent);
  await loadParts(option);
  if (getInstanceByDom(place)) return;
  const chart = init(place, null, { renderer: "canvas" });
  chart.setOption(dressed(option));
  chart.on("click", ({ data }) => data?.href && window.location.assign(data.href));
  new ResizeObserver(() => chart.resize()).observe(place);
  if (option.tooltip) place.addEventListener("pointerenter", () => showTooltip(chart, option.tooltip), { once: true });
}

const drawAll = (root) => root.querySelectorAll("[data-chart]").forEach(draw);

document.addEventListener("DOMContentLoaded", () => drawAll(document));
document.addEventListener("htmx:load", (event) => drawAll(event.detail.elt));
