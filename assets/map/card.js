// The card of the fan one looks at: numbers, ripples hop by hop, and the ways to what is behind them.
const numbers = { maximumFractionDigits: 1 };
const HOP_MS = 650;
const TONES = ["love", "money", "social", "customers"];
const ALIKE = ["faint", "social", "money", "love"]; // by how many of band, taste and city are the same

export class Card {
  constructor(place, map) {
    Object.assign(this, { place, map, card: place.querySelector("[data-map-card]"), turn: 0 });
    this.part("ripples").addEventListener("click", () => this.ripple());
    this.part("ring").addEventListener("click", () => this.circle());
    this.part("replay").addEventListener("click", () => map.replay(this.fan));
    this.part("close").addEventListener("click", () => map.look(null));
  }

  part(name) {
    return this.card.querySelector(`[data-card="${name}"]`);
  }

  show(i, { out, into }) {
    const { seen } = this.map;
    this.fan = i;
    const number = seen.fan[i];
    this.call(this.map.nameOf(i));
    this.part("weight").textContent = seen.weight[i].toLocaleString("en", numbers);
    this.part("moves").textContent = out.length.toLocaleString("en");
    this.part("movedBy").textContent = into.length.toLocaleString("en");
    this.part("band").textContent = this.place.querySelector(`[data-band="${seen.band[i]}"]`)?.textContent ?? "";
    this.part("href").href = this.place.dataset.fan.replace(/0\/$/, `${number}/`);
    this.part("table").href = this.place.dataset.table.replace(/0\/$/, `${number}/`);
    this.part("around").href = this.place.dataset.around.replace("/0/", `/${number}/`);
    this.plain();
    this.card.hidden = false;
  }

  // Without what ripples or a circle said.
  plain() {
    this.turn += 1;
    this.part("hops").replaceChildren();
    this.part("circle").hidden = this.part("unseen").hidden = true;
  }

  call(name) {
    Object.assign(this.part("name"), { textContent: name, title: name });
  }

  hide() {
    this.turn += 1;
    this.card.hidden = true;
  }

  // One hop after the other, so that one sees it spread; with its counts, also for whoever does not see.
  ripple() {
    const { map } = this;
    this.plain();
    const { turn } = this;
    const hops = map.ripples.from(this.fan);
    map.clear();
    const wait = matchMedia("(prefers-reduced-motion: reduce)").matches ? 0 : HOP_MS;
    hops.forEach((hop, i) => setTimeout(() => turn === this.turn && this.spread(hop, i), i * wait));
    this.part("unseen").hidden = false;
  }

  spread({ fans, ties }, i) {
    const { map } = this;
    const tint = map.tones.rgb[TONES[i]];
    map.overlay.setLines(`hop ${i}`, ties, tint);
    map.overlay.setMarks(`hop ${i}`, fans, tint, { least: 4.5 });
    map.overlay.fade = 0.78;
    map.redraw();
    const line = document.createElement("div");
    const dot = Object.assign(document.createElement("i"), { className: `dot ${TONES[i]}` });
    const label = Object.assign(document.createElement("dt"), { textContent: this.place.dataset.hop.replace("0", String(i + 1)) });
    const count = Object.assign(document.createElement("dd"), { textContent: fans.length.toLocaleString("en") });
    line.append(dot, label, count);
    this.part("hops").append(line);
  }

  // Everybody who shares a tie with the fan, in one colour by how many of band, taste and city are the same.
  async circle() {
    const { map } = this;
    this.plain();
    const { turn } = this;
    const answer = await fetch(this.place.dataset.circle.replace("/0/", `/${map.seen.fan[this.fan]}/`));
    if (!answer.ok || turn !== this.turn) return;
    const { fan, alike, told } = await answer.json();
    const shared = new Map();
    fan.forEach((number, i) => map.where.has(number) && shared.set(map.where.get(number), alike[i]));
    map.clear();
    map.overlay.fade = 0.78;
    ALIKE.forEach((tone, count) => this.ring(count, map.tones.rgb[tone], shared));
    this.part("circle").hidden = false;
    this.part("told").textContent = told;
    map.redraw();
  }

  ring(count, tint, shared) {
    const { overlay, seen, ripples } = this.map;
    const { out, into } = ripples.at(this.fan);
    const fans = [...shared.keys()].filter((i) => shared.get(i) === count);
    const ties = [...out.filter((tie) => shared.get(seen.target[tie]) === count), ...into.filter((tie) => shared.get(seen.source[tie]) === count)];
    overlay.setLines(`circle ${count}`, ties, tint);
    overlay.setMarks(`circle ${count}`, fans, tint, { least: 4.5 });
    this.card.querySelector(`[data-alike="${count}"]`).textContent = fans.length.toLocaleString("en");
  }
}
