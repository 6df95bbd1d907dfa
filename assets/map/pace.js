// How much one frame may draw: learnt from how long frames take, apart for moving and for holding still.
const MOVING_MS = 26; // a little under 30 frames a second leaves room for what else the page does
const STILL_MS = 70; // nobody watches for smoothness, but a press must be heard
const LEAST = 200;

export class Pace {
  constructor(all) {
    this.all = all;
    this.moving = Math.min(all, 2500);
    this.still = Math.min(all, 12000);
    this.last = 0;
  }

  share(now, isMoving) {
    const took = now - this.last;
    this.last = now;
    const kind = isMoving ? "moving" : "still";
    const wanted = isMoving ? MOVING_MS : STILL_MS;
    if (took < 500 && this.before === kind) this[kind] = Math.round(Math.min(this.all, Math.max(LEAST, this[kind] * (took > wanted ? 0.8 : 1.12))));
    this.before = kind;
    return this[kind];
  }
}
