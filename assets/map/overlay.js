// What is laid over the picture, sharp in every frame: whom one looks at, their ripples, ambassadors, a replay.
const LINES_MOVING = 2000; // the strongest of each kind while the camera moves; all of them when it stands

export class Overlay {
  constructor(picture) {
    this.picture = picture;
    this.fade = 0;
    this.lines = new Map();
    this.marks = new Map();
    this.threads = null;
  }

  // Ties (positions in the columns) in one colour; none takes the group away.
  setLines(name, ties, tint) {
    this.drop(this.lines, name);
    if (!ties?.length) return;
    const { source, target } = this.picture.seen;
    const ends = new Uint32Array(ties.length * 2);
    ties.forEach((tie, i) => ends.set([source[tie], target[tie]], 2 * i));
    this.lines.set(name, { buffer: this.picture.indexed(ends), count: ties.length, tint });
  }

  setMarks(name, fans, tint, { grow = 1, least = 7, hollow = 0 } = {}) {
    this.drop(this.marks, name);
    if (!fans?.length) return;
    this.marks.set(name, { buffer: this.picture.indexed(Uint32Array.from(fans)), count: fans.length, tint, grow, least, hollow });
  }

  drop(group, name) {
    if (group.has(name)) this.picture.gl.deleteBuffer(group.get(name).buffer);
    group.delete(name);
  }

  // Lines between places of their own (x, y of both ends), of which a replay shows ever more.
  setThreads(places) {
    const { gl } = this.picture;
    this.threads = null;
    if (!places) return;
    const array = gl.createVertexArray();
    gl.bindVertexArray(array);
    this.picture.attribute(0, 2, gl.FLOAT, places);
    this.threads = { array, shown: 0, fresh: 0, old: [0, 0, 0], now: [0, 0, 0] };
  }

  draw(picture, view) {
    for (const { buffer, count, tint } of this.lines.values()) {
      picture.use(picture.programs.lines, view, { paint: [...tint, count > 400 ? 0.45 : 0.8], flatly: true, only: -1 });
      picture.elements(buffer, picture.gl.LINES, 0, 2 * (picture.isMoving ? Math.min(count, LINES_MOVING) : count));
    }
    for (const { buffer, count, tint, ...shape } of this.marks.values()) {
      picture.use(picture.programs.discs, view, { paint: [...tint, 1], flatly: true, only: -1, ...shape });
      picture.elements(buffer, picture.gl.POINTS, 0, count);
    }
    if (this.threads) this.drawThreads(picture, view);
  }

  drawThreads(picture, view) {
    const { gl } = picture;
    const { array, shown, fresh, old, now } = this.threads;
    const part = (program, first, count, paint, shape) => {
      picture.use(program, view, { paint, flatly: true, only: -1, array, ...shape });
      gl.drawArrays(program === picture.programs.lines ? gl.LINES : gl.POINTS, 2 * first, 2 * count);
    };
    part(picture.programs.lines, 0, fresh, [...old, 0.5]);
    part(picture.programs.discs, 0, fresh, [...old, 0.9], { least: 3.5 });
    part(picture.programs.lines, fresh, shown - fresh, [...now, 1]);
    part(picture.programs.discs, fresh, shown - fresh, [...now, 1], { least: 6 });
  }
}
