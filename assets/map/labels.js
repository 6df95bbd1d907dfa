// Names over the map: circles while one sees the whole, the weightiest fans as one comes nearer; none over another.
const CELL = [112, 20];
const FANS_MAX = 34;
const LETTERS_MAX = 22;
const NEAR = 1.6; // times nearer than the whole, from where fans' names take the place of circles'

export class Labels {
  constructor(canvas, seen, circles) {
    this.canvas = canvas;
    this.pen = canvas.getContext("2d");
    this.seen = seen;
    this.circles = circles;
    this.font = getComputedStyle(document.body).fontFamily;
  }

  dress({ ink, soft, leaf }) {
    Object.assign(this, { ink, soft, leaf });
  }

  draw(camera, focus) {
    const { pen, canvas } = this;
    const ratio = Math.min(devicePixelRatio, 2);
    const [across, down] = [Math.round(camera.width * ratio), Math.round(camera.height * ratio)];
    if (canvas.width !== across || canvas.height !== down) Object.assign(canvas, { width: across, height: down });
    pen.setTransform(ratio, 0, 0, ratio, 0, 0);
    pen.clearRect(0, 0, camera.width, camera.height);
    pen.lineJoin = "round";
    pen.textBaseline = "middle";
    this.taken = new Set();
    for (const i of focus) this.fan(camera, i, 600);
    if (camera.scale < camera.whole * NEAR) this.circles.forEach((circle) => this.circle(camera, circle));
    else this.named(camera, focus);
  }

  named(camera, focus) {
    const { names } = this.seen;
    let left = FANS_MAX;
    for (let i = 0; i < names.length && left > 0; i += 1) if (!focus.includes(i) && this.fan(camera, i, 400)) left -= 1;
  }

  fan(camera, i, weight) {
    const text = this.seen.names[i];
    const [x, y] = camera.toScreen(this.seen.x[i], this.seen.y[i]);
    return Boolean(text) && this.write(text, x + 8, y, 12, weight, this.ink, camera);
  }

  circle(camera, { x, y, name }) {
    const [left, top] = camera.toScreen(x, y);
    this.pen.textAlign = "center";
    this.write(name, left, top, 12, 600, this.ink, camera);
    this.pen.textAlign = "left";
  }

  write(whole, x, y, size, weight, colour, { width, height }) {
    if (x < -40 || y < 0 || x > width || y > height || !this.claim(x, y)) return false;
    const { pen } = this;
    const letters = [...whole];
    const text = letters.length > LETTERS_MAX ? `${letters.slice(0, LETTERS_MAX - 1).join("")}…` : whole;
    pen.font = `${weight} ${size}px ${this.font}`;
    pen.lineWidth = 3;
    pen.strokeStyle = this.leaf;
    pen.fillStyle = colour;
    pen.strokeText(text, x, y);
    pen.fillText(text, x, y);
    return true;
  }

  claim(x, y) {
    const [column, row] = [Math.floor(x / CELL[0]), Math.floor(y / CELL[1])];
    const around = [-1, 0, 1].flatMap((dx) => [-1, 0, 1].map((dy) => `${column + dx}:${row + dy}`));
    if (around.slice(0).some((cell) => this.taken.has(cell))) return false;
    this.taken.add(`${column}:${row}`);
    return true;
  }
}
