// The map of who moves whom: WebGL by sigma from columns; places come from the server, so it stands at once.
import Graph from "graphology";
import Sigma from "sigma";
import { cardOf, hideCard } from "./parts/mapcard.js";
import { tones } from "./parts/tones.js";

const HUES = [186, 258, 42, 95, 340, 210, 20, 150, 300, 65];
const STANDING = new Set(["invited", "active"]);

const isDark = () => getComputedStyle(document.documentElement).colorScheme.includes("dark") && document.documentElement.dataset.theme === "dark" || (!document.documentElement.dataset.theme && matchMedia("(prefers-color-scheme: dark)").matches);

// Sigma reads hex and rgb only, so hues become rgb here.
function rgbOf(hue, saturation, lightness) {
  const a = saturation * Math.min(lightness, 1 - lightness);
  const channel = (n) => {
    const k = (n + hue / 30) % 12;
    return Math.round(255 * (lightness - a * Math.max(-1, Math.min(k - 3, 9 - k, 1))));
  };
  return `rgb(${channel(0)}, ${channel(8)}, ${channel(4)})`;
}

function tintOf(rank, tone) {
  if (rank === undefined || rank >= HUES.length) return tone.faint;
  return rgbOf(HUES[rank], 0.42, isDark() ? 0.62 : 0.42);
}

// The largest communities on the map have a hue each; the many small ones share a quiet tone.
function ranksOf(communities) {
  const sizes = new Map();
  communities.forEach((one) => one >= 0 && sizes.set(one, (sizes.get(one) ?? 0) + 1));
  const ordered = [...sizes].sort((a, b) => b[1] - a[1] || a[0] - b[0]);
  return new Map(ordered.map(([community], rank) => [community, rank]));
}

const named = (seen, i, word) => seen.name[i] || `${word} ${seen.fan[i]}`;

function paint(graph, ranks, tone) {
  graph.updateEachNodeAttributes((key, node) => ({
    ...node,
    color: STANDING.has(node.ambassador) ? tone.love : tintOf(ranks.get(node.community), tone),
  }));
  graph.updateEachEdgeAttributes((key, tie) => ({ ...tie, color: tone.line }));
}

function graphOf(seen, word) {
  const graph = new Graph({ type: "directed", multi: false });
  const most = Math.max(...seen.weight, 1);
  seen.fan.forEach((fan, i) => {
    graph.addNode(String(i), {
      x: seen.x[i],
      y: seen.y[i],
      size: 2 + 12 * Math.sqrt(seen.weight[i] / most),
      label: named(seen, i, word),
      fan,
      weight: seen.weight[i],
      band: seen.band[i],
      community: seen.community[i],
      ambassador: seen.ambassador[i],
    });
  });
  seen.source.forEach((source, i) => {
    graph.mergeEdge(String(source), String(seen.target[i]), { size: 0.5 + Math.min(2, Math.log2(1 + seen.successes[i]) / 3) });
  });
  return graph;
}

function drawnBy(graph, place, tone) {
  return new Sigma(graph, place.querySelector(".map-plot"), {
    defaultEdgeType: "arrow",
    hideEdgesOnMove: graph.size > 3000,
    labelColor: { color: tone.ink },
    labelFont: getComputedStyle(document.body).fontFamily,
    labelSize: 12,
    labelDensity: 0.4,
    labelRenderedSizeThreshold: 9,
    minCameraRatio: 0.03,
    maxCameraRatio: 3,
    zIndex: true,
  });
}

// Whoever is looked at stands out with all they move and are moved by; the rest steps back.
function focusing(map, graph, place) {
  let focus = null;
  map.setSetting("nodeReducer", (key, node) => {
    if (focus === null || key === focus || graph.areNeighbors(key, focus)) return { ...node, zIndex: focus === key ? 2 : 1, forceLabel: focus === key };
    return { ...node, color: tones().line, label: null, zIndex: 0 };
  });
  map.setSetting("edgeReducer", (key, tie) => {
    if (focus === null) return tie;
    return graph.hasExtremity(key, focus) ? { ...tie, color: tones().love, zIndex: 1 } : { ...tie, hidden: true };
  });
  const look = (key) => {
    focus = key;
    map.refresh();
    if (key === null) return hideCard(place);
    cardOf(place, graph, key);
    return map.getCamera().animate({ ...map.getNodeDisplayData(key), ratio: Math.min(map.getCamera().ratio, 0.35) }, { duration: 140 });
  };
  map.on("clickNode", ({ node }) => look(node));
  map.on("clickStage", () => look(null));
  return look;
}

function seeking(place, graph, look) {
  const places = new Map();
  graph.forEachNode((key, node) => places.set(node.label, key).set(String(node.fan), key));
  const strongest = graph.nodes().sort((a, b) => graph.getNodeAttribute(b, "weight") - graph.getNodeAttribute(a, "weight"));
  place.querySelector("datalist").replaceChildren(
    ...strongest.slice(0, 300).map((key) => Object.assign(document.createElement("option"), { value: graph.getNodeAttribute(key, "label") })),
  );
  place.querySelector("[data-map-seek]").addEventListener("input", ({ target }) => {
    const found = places.get(target.value.trim());
    if (found !== undefined) look(found);
  });
}

function tools(place, map, graph) {
  const camera = map.getCamera();
  const zooms = { in: () => camera.animatedZoom({ duration: 120 }), out: () => camera.animatedUnzoom({ duration: 120 }), fit: () => camera.animatedReset({ duration: 140 }) };
  place.querySelectorAll("[data-map-zoom]").forEach((button) => button.addEventListener("click", zooms[button.dataset.mapZoom]));
  const untangle = place.querySelector("[data-map-untangle]");
  untangle.addEventListener("click", () => {
    untangle.disabled = true;
    settle(graph, place.dataset.layout, () => (untangle.disabled = false));
  });
}

function settle(graph, address, done) {
  const worker = new Worker(address, { type: "module" });
  worker.onmessage = ({ data }) => {
    graph.updateEachNodeAttributes((key, node) => ({ ...node, ...data.positions[key] }));
    if (!data.last) return;
    worker.terminate();
    done();
  };
  worker.postMessage(graph.export());
}

async function draw(place) {
  const note = place.querySelector("[data-map-note]");
  const answer = await fetch(place.dataset.map);
  if (!answer.ok) throw new Error(String(answer.status));
  const seen = await answer.json();
  const graph = graphOf(seen, place.dataset.number);
  const ranks = ranksOf(seen.community);
  paint(graph, ranks, tones());
  const map = drawnBy(graph, place, tones());
  note.remove();
  seeking(place, graph, focusing(map, graph, place));
  tools(place, map, graph);
  document.addEventListener("themechange", () => {
    map.setSetting("labelColor", { color: tones().ink });
    paint(graph, ranks, tones());
  });
}

document.addEventListener("DOMContentLoaded", () => {
  document.querySelectorAll("[data-map]").forEach((place) =>
    draw(place).catch((failure) => {
      const note = place.querySelector("[data-map-note]");
      if (note) note.textContent = place.dataset.failed || failure.message;
    }),
  );
});
