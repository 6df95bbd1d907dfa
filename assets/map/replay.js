// A fan's cascades replayed: who came through them, at the pace at which they came, with the day beside it.
const WHOLE_SECONDS = 24; // the whole span at speed 1
const FRESH = 0.03; // of the span: what came just now
const GOLDEN = Math.PI * (3 - Math.sqrt(5));

// Places of both ends of every step; whoever is not on the map stands beside whoever moved them.
function placesOf(steps, seen, placeOf) {
  const beside = new Map();
  const [xs, ys] = [new Map(), new Map()];
  const at = (fan, through) => {
    const place = placeOf(fan);
    if (place !== undefined) return [seen.x[place], seen.y[place]];
    if (!xs.has(fan)) {
      const [x, y] = through === null ? [0, 0] : at(through, null);
      const n = (beside.get(through) ?? 0) + 1;
      beside.set(through, n);
      xs.set(fan, x + (1.5 + 0.5 * Math.sqrt(n)) * Math.cos(n * GOLDEN));
      ys.set(fan, y + (1.5 + 0.5 * Math.sqrt(n)) * Math.sin(n * GOLDEN));
    }
    return [xs.get(fan), ys.get(fan)];
  };
  const places = new Float32Array(steps.at.length * 4);
  steps.at.forEach((_, i) => {
    const from = at(steps.through[i], null);
    places.set([...from, ...at(steps.fan[i], steps.through[i])], 4 * i);
  });
  return places;
}

export class Replay {
  constructor(bar, overlay, redraw) {
    Object.assign(this, { bar, overlay, redraw, isPlaying: false });
    this.part = (name) => bar.querySelector(`[data-replay="${name}"]`);
    this.part("play").addEventListener("click", () => this.toggle());
    this.part("time").addEventListener("input", ({ target }) => {
      this.pause();
      this.seek(Number(target.value) / Number(target.max));
    });
    this.part("close").addEventListener("click", () => this.stop());
  }

  async start(fan, { address, seen, placeOf, tones }) {
    this.stop();
    const answer = await fetch(address);
    if (!answer.ok) throw new Error(String(answer.status));
    this.steps = await answer.json();
    this.bar.hidden = false;
    this.bar.classList.toggle("nothing", this.steps.at.length === 0);
    this.part("nothing").hidden = this.steps.at.length > 0;
    if (!this.steps.at.length) return 0;
    this.first = this.steps.at[0];
    this.span = Math.max(1, this.steps.at.at(-1) - this.first);
    this.overlay.setThreads(placesOf(this.steps, seen, placeOf));
    this.dress(tones);
    this.seek(0);
    if (!matchMedia("(prefers-reduced-motion: reduce)").matches) this.toggle();
    return this.steps.at.length;
  }

  dress({ rgb }) {
    if (this.overlay.threads) Object.assign(this.overlay.threads, { old: rgb.social, now: rgb.love });
  }

  stop() {
    this.pause();
    this.bar.hidden = true;
    this.overlay.setThreads(null);
    this.redraw();
  }

  pause() {
    this.isPlaying = false;
    this.part("play").setAttribute("aria-pressed", "false");
  }

  toggle() {
    if (this.isPlaying) return this.pause();
    if (this.at >= 1) this.seek(0);
    this.isPlaying = true;
    this.part("play").setAttribute("aria-pressed", "true");
    let last = performance.now();
    const step = (now) => {
      if (!this.isPlaying) return;
      const speed = Number(this.part("speed").value);
      this.seek(Math.min(1, this.at + (Math.max(0, now - last) / 1000 / WHOLE_SECONDS) * speed));
      last = now;
      if (this.at >= 1) this.pause();
      else requestAnimationFrame(step);
    };
    requestAnimationFrame(step);
  }

  // A share of the span; everything that came until then is drawn.
  seek(share) {
    this.at = share;
    const { threads } = this.overlay;
    threads.shown = this.until(share);
    threads.fresh = share >= 1 ? threads.shown : this.until(share - FRESH);
    const moment = new Date((this.first + share * this.span) * 1000);
    const time = this.part("time");
    time.value = share * Number(time.max);
    this.part("day").textContent = moment.toISOString().slice(0, 10);
    this.part("count").textContent = `${threads.shown.toLocaleString("en")} / ${this.steps.all.toLocaleString("en")}`;
    this.redraw();
  }

  until(share) {
    if (share < 0) return 0;
    const { at } = this.steps;
    const moment = this.first + share * this.span;
    let [low, high] = [0, at.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (at[middle] <= moment) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}
