// Hands on the map: drag, wheel, two fingers, double click and keys move the camera; a short press asks who is there.
const PRESS = 6; // pixels a press may wander
const KEY_STEP = 60;
const KEY_ZOOM = 1.35;

const middle = (a, b) => [(a[0] + b[0]) / 2, (a[1] + b[1]) / 2];
const apart = (a, b) => Math.hypot(a[0] - b[0], a[1] - b[1]);

export function handle(plot, camera, { moved, pressed }) {
  const fingers = new Map();
  let wandered = 0;
  const at = (event) => {
    const box = plot.getBoundingClientRect();
    return [event.clientX - box.left, event.clientY - box.top];
  };

  plot.addEventListener("pointerdown", (event) => {
    plot.setPointerCapture(event.pointerId);
    if (fingers.size === 0) wandered = 0;
    fingers.set(event.pointerId, at(event));
  });
  plot.addEventListener("pointermove", (event) => {
    const before = fingers.get(event.pointerId);
    if (!before) return;
    const now = at(event);
    wandered += apart(before, now);
    const other = [...fingers].find(([id]) => id !== event.pointerId)?.[1];
    if (other) pinch(camera, other, before, now);
    else camera.pan(now[0] - before[0], now[1] - before[1]);
    fingers.set(event.pointerId, now);
    moved();
  });
  const lifted = (event) => {
    const place = fingers.get(event.pointerId);
    fingers.delete(event.pointerId);
    if (place && event.type === "pointerup" && wandered < PRESS && fingers.size === 0) pressed(...place, event.pointerType);
  };
  plot.addEventListener("pointerup", lifted);
  plot.addEventListener("pointercancel", lifted);
  plot.addEventListener("dblclick", (event) => {
    camera.zoom(2, ...at(event));
    moved();
  });
  plot.addEventListener(
    "wheel",
    (event) => {
      event.preventDefault();
      const lines = event.deltaMode === 1 ? 16 : 1;
      camera.zoom(Math.exp(-event.deltaY * lines * 0.0018), ...at(event));
      moved();
    },
    { passive: false },
  );
  plot.addEventListener("keydown", (event) => {
    const deed = KEYS[event.key];
    if (!deed || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    event.stopPropagation();
    deed(camera);
    moved();
  });
}

function pinch(camera, other, before, now) {
  const [was, is] = [middle(other, before), middle(other, now)];
  camera.pan(is[0] - was[0], is[1] - was[1]);
  camera.zoom(apart(other, now) / Math.max(1, apart(other, before)), ...is);
}

const KEYS = {
  ArrowLeft: (camera) => camera.pan(KEY_STEP, 0),
  ArrowRight: (camera) => camera.pan(-KEY_STEP, 0),
  ArrowUp: (camera) => camera.pan(0, KEY_STEP),
  ArrowDown: (camera) => camera.pan(0, -KEY_STEP),
  "+": (camera) => camera.zoom(KEY_ZOOM),
  "=": (camera) => camera.zoom(KEY_ZOOM),
  "-": (camera) => camera.zoom(1 / KEY_ZOOM),
  0: (camera) => Object.assign(camera, camera.fitting(camera.box)),
};
