// The card of the fan one looks at: numbers, ripples hop by hop, and the ways to what is behind them.
const numbers = { maximumFractionDigits: 1 };
const HOP_MS = 650;
const TONES = ["love", "money", "social", "customers"];

export class Card {
  constructor(place, map) {
    Object.assign(this, { place, map, card: place.querySelector("[data-map-card]"), turn: 0 });
    this.part("ripples").addEventListener("click", () => this.ripple());
    this.part("replay").addEventListener("click", () => map.replay(this.fan));
    this.part("close").addEventListener("click", () => map.look(null));
  }

  part(name) {
    return this.card.querySelector(`[data-card="${name}"]`);
  }

  show(i, { out, into }) {
    const { seen } = this.map;
    this.fan = i;
    this.turn += 1;
    const number = seen.fan[i];
    this.call(this.map.nameOf(i));
    this.part("weight").textContent = seen.weight[i].toLocaleString("en", numbers);
    this.part("moves").textContent = out.length.toLocaleString("en");
    this.part("movedBy").textContent = into.length.toLocaleString("en");
    this.part("band").textContent = this.place.querySelector(`[data-band="${seen.band[i]}"]`)?.textContent ?? "";
    this.part("href").href = this.place.dataset.fan.replace(/0\/$/, `${number}/`);
    this.part("table").href = this.place.dataset.table.replace(/0\/$/, `${number}/`);
    this.part("hops").replaceChildren();
    this.part("unseen").hidden = true;
    this.card.hidden = false;
  }

  call(name) {
    this.part("name").textContent = name;
  }

  hide() {
    this.turn += 1;
    this.card.hidden = true;
  }

  // One hop after the other, so that one sees it spread; with its counts, also for whoever does not see.
  ripple() {
    const { map } = this;
    const turn = (this.turn += 1);
    const hops = map.ripples.from(this.fan);
    map.clear();
    this.part("hops").replaceChildren();
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
}
