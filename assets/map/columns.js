// The map as it comes from the server (console/influence/map_columns.py): a head, then columns that need no parsing.
const KINDS = { "<f8": Float64Array, "<f4": Float32Array, "<i4": Int32Array, "<u4": Uint32Array, "|u1": Uint8Array, "|i1": Int8Array };
const STEP = 8;

export function columnsOf(buffer) {
  const size = Number(new DataView(buffer).getBigUint64(0, true));
  const head = JSON.parse(new TextDecoder().decode(new Uint8Array(buffer, STEP, size)));
  const seen = { fans: head.fans, ties: head.ties, names: head.names };
  let at = STEP + size;
  for (const [name, kind, length] of head.columns) {
    const Kind = KINDS[kind];
    seen[name] = new Kind(buffer, at, length);
    at += Math.ceil((length * Kind.BYTES_PER_ELEMENT) / STEP) * STEP;
  }
  return seen;
}

export function boundsOf(seen, places) {
  const box = { left: Infinity, right: -Infinity, low: Infinity, high: -Infinity };
  const widen = (i) => {
    box.left = Math.min(box.left, seen.x[i]);
    box.right = Math.max(box.right, seen.x[i]);
    box.low = Math.min(box.low, seen.y[i]);
    box.high = Math.max(box.high, seen.y[i]);
  };
  if (places) places.forEach(widen);
  else for (let i = 0; i < seen.fans; i += 1) widen(i);
  return box;
}
