// The map of who moves whom: WebGL of our own from columns; places come from the server, so it stands at once.
import { Camera, travel } from "./map/camera.js";
import { Card } from "./map/card.js";
import { colours } from "./map/colours.js";
import { boundsOf, columnsOf } from "./map/columns.js";
import { handle } from "./map/gestures.js";
import { Labels } from "./map/labels.js";
import { Overlay } from "./map/overlay.js";
import { Picture } from "./map/picture.js";
import { Replay } from "./map/replay.js";
import { Ripples } from "./map/ripples.js";
import { seeking } from "./map/seek.js";

const SHORTLISTED = 1;
const STANDING = new Set([2, 3]); // invited, active
const SCREENED = 6;
const REACH = { mouse: 9, pen: 12, touch: 20 }; // pixels from a fan within which a press means them
const LOOK_NEAR = 6; // times nearer than the whole, at least, when one is looked at

class FanMap {
  constructor(place, seen) {
    Object.assign(this, { place, seen, selected: null, asked: false });
    this.most = seen.weight.reduce((a, b) => Math.max(a, b), 1);
    this.plot = place.querySelector(".map-plot");
    this.camera = new Camera(boundsOf(seen));
    this.picture = new Picture(place.querySelector("[data-map-ties]"), seen, this.most);
    this.overlay = new Overlay(this.picture);
    this.labels = new Labels(place.querySelector("[data-map-names]"), seen, this.circles());
    this.ripples = new Ripples(seen);
    this.where = new Map();
    for (let i = 0; i < seen.fans; i += 1) this.where.set(seen.fan[i], i);
    this.card = new Card(place, this);
    this.replays = new Replay(place.querySelector("[data-map-replay]"), this.overlay, () => this.redraw());
    this.listen();
    this.dress();
    new ResizeObserver(() => this.resize()).observe(this.plot);
    this.resize();
  }

  listen() {
    const moved = () => this.redraw();
    handle(this.plot, this.camera, { moved, pressed: (...press) => this.press(...press) });
    const chosen = (i, name) => {
      this.seen.names[i] ??= name;
      this.look(i);
      this.card.part("ripples").focus({ preventScroll: true }); // the list that was chosen from is gone
    };
    const weight = (i) => this.place.dataset.weight.replace("0", this.seen.weight[i].toLocaleString("en", { maximumFractionDigits: 1 }));
    seeking(this.place, (fan) => this.where.get(fan), chosen, weight);
    const deeds = { in: (c) => c.zoom(1.6), out: (c) => c.zoom(1 / 1.6), fit: (c) => travel(c, c.fitting(c.box), moved) };
    this.place.querySelectorAll("[data-map-zoom]").forEach((button) =>
      button.addEventListener("click", () => {
        deeds[button.dataset.mapZoom](this.camera);
        moved();
      }),
    );
    this.place.querySelector("[data-map-circle]")?.addEventListener("change", ({ target }) => this.circle(Number(target.value)));
    this.place.querySelector("[data-map-ambassadors]")?.addEventListener("change", () => this.ambassadors());
    document.addEventListener("themechange", () => this.dress());
    document.addEventListener("keydown", ({ key }) => key === "Escape" && this.selected !== null && this.look(null));
  }

  resize() {
    this.camera.resize(this.plot.clientWidth, this.plot.clientHeight);
    this.redraw();
  }

  dress() {
    this.tones = colours();
    this.picture.dress(this.tones);
    this.labels.dress(this.tones);
    this.replays.dress(this.tones);
    this.ambassadors();
    this.look(this.selected, false);
  }

  // At most one frame is asked for at a time, and none when nothing changes.
  redraw() {
    if (this.asked) return;
    this.asked = true;
    requestAnimationFrame((now) => {
      this.asked = false;
      const isMore = this.picture.frame(this.camera, now, this.overlay);
      this.name(isMore);
      this.told(isMore);
      if (isMore) this.redraw();
    });
  }

  // Where pixels are drawn by the processor, names wait until the picture stands: they are a layer of their own.
  name(isMore) {
    const isLate = this.picture.isSoftware && isMore;
    this.labels.canvas.hidden = isLate;
    if (!isLate) this.labels.draw(this.camera, this.selected === null ? [] : [this.selected]);
  }

  // Marks for whoever measures: the first frame, and the first with every tie.
  told(isMore) {
    for (const [name, is] of [["map-first-frame", true], ["map-whole", !isMore]])
      if (is && !performance.getEntriesByName(name).length) performance.mark(name);
  }

  nameOf(i) {
    return this.seen.names[i] || `${this.place.dataset.number} ${this.seen.fan[i]}`;
  }

  // The names of all do not travel with the map; whoever is looked at is asked for.
  async learnName(i) {
    if (this.seen.names[i]) return;
    const answer = await fetch(`${this.place.dataset.found}?${new URLSearchParams({ q: String(this.seen.fan[i]) })}`);
    const known = answer.ok && (await answer.json()).fans.find((one) => one.fan === this.seen.fan[i]);
    if (!known) return;
    this.seen.names[i] = known.name;
    if (this.selected === i) this.card.call(known.name);
    this.redraw();
  }

  circles() {
    const { seen } = this;
    const options = [...this.place.querySelectorAll("[data-circle-name]")];
    return options.map((option) => {
      const community = Number(option.value);
      const members = [];
      seen.community.forEach((one, i) => one === community && members.push(i));
      const box = boundsOf(seen, members);
      return { community, name: option.dataset.circleName, box, x: (box.left + box.right) / 2, y: (box.low + box.high) / 2 };
    });
  }

  circle(community) {
    const found = this.labels.circles.find((one) => one.community === community);
    this.picture.show(found ? community : -1);
    travel(this.camera, this.camera.fitting(found?.box ?? this.camera.box), () => this.redraw());
  }

  ambassadors() {
    const isOn = this.place.querySelector("[data-map-ambassadors]")?.checked ?? false;
    const of = (isMeant) => (isOn ? [...this.seen.standing.keys()].filter((i) => isMeant(this.seen.standing[i])) : []);
    const { love, money } = this.tones.rgb;
    this.overlay.setMarks("shortlisted", of((one) => one === SHORTLISTED), money, { grow: 1.4, least: 11, hollow: 0.66 });
    const suspects = [...this.seen.standing.keys()].filter((i) => this.seen.standing[i] === SCREENED);
    this.overlay.setMarks("screened", suspects, this.tones.rgb.ink, { grow: 1.3, least: 4, hollow: 0.6 });
    this.overlay.setMarks("standing", of((one) => STANDING.has(one)), love, { grow: 1.2, least: 10 });
    this.redraw();
  }

  clear() {
    for (const group of [this.overlay.lines, this.overlay.marks])
      for (const name of [...group.keys()]) if (/^(hop|circle) /.test(name) || name === "out" || name === "into") this.overlay.drop(group, name);
  }

  // Whoever is looked at stands out with all they move and are moved by; the rest steps back.
  look(i, isTravelling = true) {
    this.selected = i;
    this.clear();
    this.overlay.fade = i === null ? 0 : 0.7;
    const { love, social, ink } = this.tones.rgb;
    this.overlay.setMarks("looked at", i === null ? [] : [i], ink, { grow: 1.5, least: 16, hollow: 0.72 });
    if (i === null) this.card.hide();
    else {
      const ties = this.ripples.at(i);
      this.overlay.setLines("into", ties.into, social);
      this.overlay.setLines("out", ties.out, love);
      this.overlay.setMarks("out", ties.out.map((tie) => this.seen.target[tie]), love, { least: 4.5 });
      if (isTravelling) {
        this.card.show(i, ties);
        this.learnName(i);
        this.goTo(i);
      }
    }
    this.redraw();
  }

  goTo(i) {
    const scale = Math.max(this.camera.scale, this.camera.whole * LOOK_NEAR);
    travel(this.camera, { x: this.seen.x[i], y: this.seen.y[i], scale }, () => this.redraw());
  }

  press(left, top, pointer) {
    const [x, y] = this.camera.toPlane(left, top);
    const reach = (REACH[pointer] ?? REACH.mouse) / this.camera.scale;
    let [best, found] = [reach * reach, null];
    for (let i = 0; i < this.seen.fans; i += 1) {
      const away = (this.seen.x[i] - x) ** 2 + (this.seen.y[i] - y) ** 2;
      if (away < best) [best, found] = [away, i];
    }
    this.look(found);
  }

  async replay(i) {
    const address = this.place.dataset.replay.replace("/0/", `/${this.seen.fan[i]}/`);
    const steps = await this.replays.start(i, { address, seen: this.seen, placeOf: (fan) => this.where.get(fan), tones: this.tones });
    Object.assign(this.replays.part("table"), { href: `${this.place.dataset.table.replace(/0\/$/, `${this.seen.fan[i]}/`)}#steps` });
    Object.assign(this.replays.part("name"), { textContent: this.nameOf(i) });
    if (!steps) return; // what is seen of them stays, with the word that nobody came
    this.clear();
    this.card.plain();
    this.overlay.fade = 0.78;
    travel(this.camera, this.camera.fitting(this.camera.box), () => this.redraw());
  }
}

async function draw(place) {
  const answer = await fetch(place.dataset.map);
  if (!answer.ok) throw new Error(String(answer.status));
  const seen = columnsOf(await answer.arrayBuffer());
  performance.mark("map-heard");
  const map = new FanMap(place, seen);
  place.querySelector("[data-map-note]").remove();
  const asked = new URLSearchParams(window.location.search).get("fan");
  const wanted = map.where.get(Number(asked));
  if (wanted !== undefined) return map.look(wanted);
  if (!asked) return;
  const input = place.querySelector("[data-map-seek]"); // the search tells that they are not on the map
  input.value = asked;
  input.dispatchEvent(new Event("input"));
}

document.querySelectorAll("[data-map]").forEach((place) =>
  draw(place).catch((failure) => {
    const note = place.querySelector("[data-map-note]");
    if (note) note.textContent = `${place.dataset.failed} (${failure.message})`;
  }),
);
