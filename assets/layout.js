// The map's worker: ForceAtlas2 in short turns, sending the places after each.
import Graph from "graphology";
import forceAtlas2 from "graphology-layout-forceatlas2";

const TURNS = 12;
const STEPS_PER_TURN = 25;

function placesOf(graph) {
  const positions = {};
  graph.forEachNode((key, { x, y }) => (positions[key] = { x, y }));
  return positions;
}

self.onmessage = ({ data }) => {
  const graph = Graph.from(data);
  const settings = { ...forceAtlas2.inferSettings(graph), barnesHutOptimize: graph.order > 500 };
  for (let turn = 1; turn <= TURNS; turn += 1) {
    forceAtlas2.assign(graph, { iterations: STEPS_PER_TURN, settings });
    self.postMessage({ positions: placesOf(graph), last: turn === TURNS });
  }
};
