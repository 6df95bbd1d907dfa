// The map of who moves whom: WebGL by sigma; the layout runs in a worker of our own origin.
import Graph from "graphology";
import Sigma from "sigma";

function graphOf({ nodes, edges }) {
  const graph = new Graph({ type: "directed", multi: false });
  nodes.forEach((node, n) => {
    const angle = (2 * Math.PI * n) / nodes.length;
    graph.addNode(node.key, { x: Math.cos(angle), y: Math.sin(angle), size: 3, ...node });
  });
  edges.forEach(({ source, target, ...rest }) => graph.mergeEdge(source, target, rest));
  return graph;
}

function settle(graph, address) {
  const worker = new Worker(address, { type: "module" });
  worker.onmessage = ({ data }) => {
    graph.updateEachNodeAttributes((key, node) => ({ ...node, ...data.positions[key] }));
    if (data.last) worker.terminate();
  };
  worker.postMessage(graph.export());
}

async function draw(place) {
  const answer = await fetch(place.dataset.map);
  const graph = graphOf(await answer.json());
  const map = new Sigma(graph, place, { renderEdgeLabels: false, labelRenderedSizeThreshold: 9 });
  map.on("clickNode", ({ node }) => {
    const { href } = graph.getNodeAttributes(node);
    if (href) window.location.assign(href);
  });
  settle(graph, place.dataset.layout);
}

document.addEventListener("DOMContentLoaded", () => {
  document.querySelectorAll("[data-map]").forEach(draw);
});
