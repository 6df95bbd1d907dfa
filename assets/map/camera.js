// Which part of the plane is seen: its middle, and how many pixels a unit has.
const NEAREST = 60; // times nearer than the whole
const FARTHEST = 0.5;
const ROOM = 0.92; // of the smaller side, when a part is brought into view

export class Camera {
  constructor(box) {
    this.x = this.y = 0;
    this.scale = this.whole = 1;
    this.width = this.height = 1;
    this.box = box;
  }

  resize(width, height) {
    const wasWhole = this.scale === this.whole;
    [this.width, this.height] = [width, height];
    const fit = this.fitting(this.box);
    this.whole = fit.scale;
    if (wasWhole) Object.assign(this, fit);
  }

  fitting({ left, right, low, high }) {
    const scale = ROOM * Math.min(this.width / Math.max(right - left, 8), this.height / Math.max(high - low, 8));
    return { x: (left + right) / 2, y: (low + high) / 2, scale };
  }

  seen() {
    return { x: this.x, y: this.y, scale: this.scale, whole: this.whole, width: this.width, height: this.height };
  }

  toScreen(x, y) {
    return [this.width / 2 + (x - this.x) * this.scale, this.height / 2 - (y - this.y) * this.scale];
  }

  toPlane(left, top) {
    return [this.x + (left - this.width / 2) / this.scale, this.y - (top - this.height / 2) / this.scale];
  }

  pan(right, down) {
    this.x -= right / this.scale;
    this.y += down / this.scale;
  }

  // The place under the pointer stays under it.
  zoom(factor, left = this.width / 2, top = this.height / 2) {
    const [x, y] = this.toPlane(left, top);
    this.scale = Math.min(this.whole * NEAREST, Math.max(this.whole * FARTHEST, this.scale * factor));
    const [nowX, nowY] = this.toPlane(left, top);
    this.x += x - nowX;
    this.y += y - nowY;
  }
}

const still = () => matchMedia("(prefers-reduced-motion: reduce)").matches;

// The camera goes to a place within a blink; whatever it does is told to `moved`.
export function travel(camera, to, moved, milliseconds = 140) {
  const from = camera.seen();
  const began = performance.now();
  const step = (now) => {
    const part = still() ? 1 : Math.min(1, Math.max(0, now - began) / milliseconds);
    const eased = part * (2 - part);
    camera.x = from.x + (to.x - from.x) * eased;
    camera.y = from.y + (to.y - from.y) * eased;
    camera.scale = from.scale * (to.scale / from.scale) ** eased;
    moved();
    if (part < 1) requestAnimationFrame(step);
  };
  requestAnimationFrame(step);
}
