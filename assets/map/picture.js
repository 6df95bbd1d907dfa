// The map's picture. All ties and fans are drawn into a sheet, so many a frame that the frame is kept; what stands on
// the screen is the last whole sheet, moved and stretched as the camera moves, over a sketch of the strongest ties
// where the sheet does not reach. Whoever holds still sees every tie drawn sharply; on a fast graphics processor
// a sheet takes one frame, and nothing is ever stretched. Where the processor itself must draw, see `slides`.
import { Pace } from "./pace.js";
import { programsOf } from "./programs.js";

const SKETCH_MAX = 3000;
const REST_MS = 120; // without a change the camera rests
const REPAINT_MS = 900; // at the soonest, while it moves
const SEEN_LEAST = 0.45; // of the screen must show the last picture
const STRETCH_MOST = 4;
const isSoftware = (gl) => {
  const told = gl.getExtension("WEBGL_debug_renderer_info");
  return /swiftshader|llvmpipe|software|basic render/i.test(told ? gl.getParameter(told.UNMASKED_RENDERER_WEBGL) : "");
};
const sameView = (a, b) => a.x === b.x && a.y === b.y && a.scale === b.scale && a.width === b.width && a.height === b.height;

export class Picture {
  constructor(canvas, seen, most) {
    this.canvas = canvas;
    this.gl = canvas.getContext("webgl2", { antialias: false, alpha: false, depth: false, stencil: false });
    if (!this.gl) throw new Error("WebGL 2");
    this.seen = seen;
    this.isSoftware = isSoftware(this.gl);
    this.ratio = this.isSoftware ? 1 : Math.min(devicePixelRatio, 2); // pixels are what software drawing costs
    this.programs = programsOf(this.gl);
    this.pace = new Pace(seen.ties + seen.fans);
    this.only = -1;
    this.version = 0;
    this.changedAt = -Infinity;
    this.painted = null;
    this.front = this.back = null;
    this.drawn = 0;
    this.most = most;
    this.load();
  }

  load() {
    const { gl, seen } = this;
    this.fans = gl.createVertexArray();
    gl.bindVertexArray(this.fans);
    const places = new Float32Array(seen.fans * 2);
    const sizes = new Float32Array(seen.fans);
    for (let i = 0; i < seen.fans; i += 1) {
      places[2 * i] = seen.x[i];
      places[2 * i + 1] = seen.y[i];
      sizes[i] = 1.2 + 12 * Math.sqrt(seen.weight[i] / this.most);
    }
    this.attribute(0, 2, gl.FLOAT, places);
    this.attribute(1, 1, gl.FLOAT, sizes);
    this.attribute(2, 1, gl.UNSIGNED_BYTE, seen.hue);
    this.attribute(3, 1, gl.FLOAT, Float32Array.from(seen.community));
    const ends = new Uint32Array(seen.ties * 2);
    for (let i = 0; i < seen.ties; i += 1) {
      ends[2 * i] = seen.source[i];
      ends[2 * i + 1] = seen.target[i];
    }
    this.ties = this.indexed(ends);
    gl.enable(gl.BLEND);
    gl.blendFunc(gl.SRC_ALPHA, gl.ONE_MINUS_SRC_ALPHA);
  }

  attribute(place, parts, kind, values) {
    const { gl } = this;
    gl.bindBuffer(gl.ARRAY_BUFFER, gl.createBuffer());
    gl.bufferData(gl.ARRAY_BUFFER, values, gl.STATIC_DRAW);
    gl.enableVertexAttribArray(place);
    gl.vertexAttribPointer(place, parts, kind, false, 0, 0);
  }

  indexed(ends) {
    const { gl } = this;
    const made = gl.createBuffer();
    gl.bindVertexArray(this.fans);
    gl.bindBuffer(gl.ELEMENT_ARRAY_BUFFER, made);
    gl.bufferData(gl.ELEMENT_ARRAY_BUFFER, ends, gl.STATIC_DRAW);
    return made;
  }

  dress({ palette, ground }) {
    this.palette = new Float32Array(palette.flat());
    this.ground = ground;
    this.version += 1;
  }

  show(community) {
    this.only = community;
    this.version += 1;
  }

  // One frame; says whether there is more to draw before the picture is whole.
  frame(camera, now, overlay) {
    const view = camera.seen();
    this.fit(view);
    if (this.shown && !sameView(this.shown, view)) this.changedAt = now;
    const isMoving = now - this.changedAt < (this.isSoftware ? REST_MS : 1);
    this.shown = view;
    this.isMoving = isMoving;
    if (this.isSoftware && isMoving && this.slides(view, now)) return true;
    const share = this.pace.share(now, isMoving);
    this.sketch = Math.min(SKETCH_MAX, this.front ? share >> 1 : SKETCH_MAX);
    if (this.back && !isMoving && this.isStale(this.back, view)) this.back = null;
    if (!this.back && this.isStale(this.front, view)) this.back = this.begin(view);
    if (this.back) this.advance(share);
    this.put(view, overlay);
    this.slide(view, now);
    return this.isStale(this.front, view);
  }

  // Where the processor draws, a frame of WebGL costs more than there is: the canvas itself is moved and stretched
  // until the camera rests, and is drawn anew in between only where little of it is left on the screen.
  slides(view, now) {
    if (!this.painted || this.painted.version !== this.version) return false;
    const { stretch, right, down } = this.slideOf(view);
    const left = (from, size) => Math.max(0, Math.min(size, from + size * stretch) - Math.max(0, from));
    const [x, y] = [right + (view.width * (1 - stretch)) / 2, down + (view.height * (1 - stretch)) / 2];
    const isThin = left(x, view.width) * left(y, view.height) < SEEN_LEAST * view.width * view.height || stretch > STRETCH_MOST;
    if (isThin && now - this.painted.at > REPAINT_MS) return false;
    this.canvas.style.transform = `translate(${right}px, ${down}px) scale(${stretch})`;
    return true;
  }

  slideOf(view) {
    const was = this.painted.view;
    const stretch = view.scale / was.scale;
    const whole = (pixels) => (stretch === 1 ? Math.round(pixels) : pixels);
    return { stretch, right: whole((was.x - view.x) * view.scale), down: whole((view.y - was.y) * view.scale) };
  }

  slide(view, now) {
    if (this.isSoftware && this.painted) this.canvas.style.transform = "";
    this.painted = { view, at: now, version: this.version };
  }

  isStale(sheet, view) {
    return !sheet || sheet.version !== this.version || !sameView(sheet.view, view);
  }

  fit({ width, height }) {
    const [across, down] = [Math.max(1, Math.round(width * this.ratio)), Math.max(1, Math.round(height * this.ratio))];
    if (this.canvas.width === across && this.canvas.height === down && this.sheets) return;
    Object.assign(this.canvas, { width: across, height: down });
    this.sheets?.forEach(({ texture, buffer }) => (this.gl.deleteTexture(texture), this.gl.deleteFramebuffer(buffer)));
    this.sheets = [this.sheet(across, down), this.sheet(across, down)];
    this.painted = null;
    this.front = this.back = null;
  }

  sheet(across, down) {
    const { gl } = this;
    const texture = gl.createTexture();
    gl.bindTexture(gl.TEXTURE_2D, texture);
    gl.texStorage2D(gl.TEXTURE_2D, 1, gl.RGBA8, across, down);
    gl.texParameteri(gl.TEXTURE_2D, gl.TEXTURE_MIN_FILTER, gl.LINEAR);
    gl.texParameteri(gl.TEXTURE_2D, gl.TEXTURE_WRAP_S, gl.CLAMP_TO_EDGE);
    gl.texParameteri(gl.TEXTURE_2D, gl.TEXTURE_WRAP_T, gl.CLAMP_TO_EDGE);
    const buffer = gl.createFramebuffer();
    gl.bindFramebuffer(gl.FRAMEBUFFER, buffer);
    gl.framebufferTexture2D(gl.FRAMEBUFFER, gl.COLOR_ATTACHMENT0, gl.TEXTURE_2D, texture, 0);
    return { texture, buffer };
  }

  begin(view) {
    const made = { ...this.sheets.find((one) => one.texture !== this.front?.texture), view, version: this.version, at: 0 };
    this.onto(made.buffer);
    this.gl.clearColor(...this.ground, 1);
    this.gl.clear(this.gl.COLOR_BUFFER_BIT);
    return made;
  }

  advance(share) {
    const { back } = this;
    const { ties, fans } = this.seen;
    this.onto(back.buffer);
    const upTo = Math.min(back.at + share, ties + fans);
    if (back.at < ties) this.drawTies(back.view, back.at, Math.min(upTo, ties) - back.at, 1);
    if (upTo > ties) this.drawFans(back.view, Math.max(back.at, ties) - ties, upTo - Math.max(back.at, ties));
    back.at = upTo;
    if (upTo < ties + fans) return;
    this.front = back;
    this.back = null;
    this.drawn += 1;
  }

  put(view, overlay) {
    const { gl } = this;
    this.onto(null);
    // Always: what a copy alone brings, the browser wipes at the first thing drawn over it.
    gl.clearColor(...this.ground, 1);
    gl.clear(gl.COLOR_BUFFER_BIT);
    if (!this.covers(view)) {
      const [ties, fans] = [Math.min(this.sketch, this.seen.ties), Math.min(this.sketch, this.seen.fans)];
      this.drawTies(view, 0, ties, Math.min(4, Math.sqrt(this.seen.ties / Math.max(1, ties))));
      this.drawFans(view, 0, fans);
    }
    if (this.front) this.lay(view, overlay.fade);
    overlay.draw(this, view);
  }

  // The last whole sheet where its part of the plane is now.
  boxOf(view) {
    const was = this.front.view;
    const stretch = view.scale / was.scale;
    const shift = (units, size) => {
      const pixels = units * view.scale * this.ratio;
      return ((stretch === 1 ? Math.round(pixels) : pixels) * 2) / (size * this.ratio);
    };
    return [shift(was.x - view.x, view.width), shift(was.y - view.y, view.height), (stretch * was.width) / view.width, (stretch * was.height) / view.height];
  }

  covers(view) {
    if (!this.front) return false;
    const [x, y, wide, high] = this.boxOf(view);
    return x - wide <= -1 && x + wide >= 1 && y - high <= -1 && y + high >= 1;
  }

  // A copy where the sheet stands in full; through the shader where it steps back behind what is laid over it.
  lay(view, fade) {
    const { gl } = this;
    const box = this.boxOf(view);
    if (fade === 0) return this.copy(box);
    const { made, at } = this.programs.paper;
    gl.useProgram(made);
    gl.bindTexture(gl.TEXTURE_2D, this.front.texture);
    gl.uniform4f(at.box, ...box);
    gl.uniform4f(at.ground, ...this.ground, fade);
    gl.disable(gl.BLEND);
    gl.drawArrays(gl.TRIANGLE_STRIP, 0, 4);
    gl.enable(gl.BLEND);
  }

  copy([x, y, wide, high]) {
    const { gl, canvas } = this;
    const edge = (middle, half, size) => Math.round(((middle + half + 1) / 2) * size);
    const [left, right] = [edge(x, -wide, canvas.width), edge(x, wide, canvas.width)];
    const [low, high_] = [edge(y, -high, canvas.height), edge(y, high, canvas.height)];
    gl.bindFramebuffer(gl.READ_FRAMEBUFFER, this.front.buffer);
    const filter = wide === 1 ? gl.NEAREST : gl.LINEAR;
    gl.blitFramebuffer(0, 0, canvas.width, canvas.height, left, low, right, high_, gl.COLOR_BUFFER_BIT, filter);
    gl.bindFramebuffer(gl.READ_FRAMEBUFFER, null);
  }

  onto(buffer) {
    this.gl.bindFramebuffer(this.gl.FRAMEBUFFER, buffer);
    this.gl.viewport(0, 0, this.canvas.width, this.canvas.height);
  }

  // Ties fade as they are many, and grow clearer as one comes nearer.
  drawTies(view, first, count, clearer) {
    const near = Math.sqrt(view.scale / view.whole);
    const opacity = Math.min(0.5, (near * clearer * 14) / Math.sqrt(this.seen.ties + 600));
    this.use(this.programs.lines, view, { paint: [0, 0, 0, opacity], flatly: false });
    this.elements(this.ties, this.gl.LINES, 2 * first, 2 * count);
  }

  drawFans(view, first, count) {
    this.use(this.programs.discs, view, { paint: [0, 0, 0, 0.92], flatly: false, least: 1, softly: true });
    this.gl.drawArrays(this.gl.POINTS, first, count);
  }

  elements(buffer, kind, first, count) {
    const { gl } = this;
    gl.bindBuffer(gl.ELEMENT_ARRAY_BUFFER, buffer);
    gl.drawElements(kind, count, gl.UNSIGNED_INT, first * 4);
  }

  use({ made, at }, view, { paint, flatly, grow = 1, least = 1.6, hollow = 0, softly = false, only = this.only, array = this.fans }) {
    const { gl } = this;
    gl.useProgram(made);
    gl.bindVertexArray(array);
    gl.uniform4f(at.view, view.x, view.y, (2 * view.scale) / view.width, (2 * view.scale) / view.height);
    gl.uniform3fv(at.palette, this.palette);
    gl.uniform4f(at.paint, ...paint);
    gl.uniform1i(at.flatly, flatly);
    gl.uniform1i(at.softly, softly);
    gl.uniform1f(at.only, only);
    const near = Math.min(6, Math.max(1, Math.sqrt(view.scale / view.whole)));
    gl.uniform2f(at.grow, grow * near * this.ratio, least * this.ratio);
    if (at.hollow) gl.uniform1f(at.hollow, hollow);
  }
}
