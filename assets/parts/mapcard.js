// The card of the fan one looks at on the map.
const numbers = { maximumFractionDigits: 1 };

export function cardOf(place, graph, key) {
  const card = place.querySelector("[data-map-card]");
  const node = graph.getNodeAttributes(key);
  const shown = (name) => card.querySelector(`[data-card="${name}"]`);
  shown("name").textContent = node.label;
  shown("weight").textContent = node.weight.toLocaleString("en", numbers);
  shown("moves").textContent = graph.outDegree(key);
  shown("movedBy").textContent = graph.inDegree(key);
  shown("band").textContent = place.querySelector(`[data-band="${CSS.escape(node.band)}"]`)?.textContent ?? "";
  shown("href").href = place.dataset.fan.replace(/0\/$/, `${node.fan}/`);
  card.hidden = false;
}

export function hideCard(place) {
  place.querySelector("[data-map-card]").hidden = true;
}
