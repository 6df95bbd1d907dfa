// Who is reached from a fan over the ties of the map, hop by hop; and all ties at a fan, from them and to them.
const HOPS = 4;

// For each fan the ties going out, as one list and where each fan's part of it begins.
function outwardsOf({ fans, ties, source }) {
  const begin = new Uint32Array(fans + 1);
  for (let tie = 0; tie < ties; tie += 1) begin[source[tie] + 1] += 1;
  for (let i = 0; i < fans; i += 1) begin[i + 1] += begin[i];
  const next = begin.slice();
  const list = new Uint32Array(ties);
  for (let tie = 0; tie < ties; tie += 1) list[next[source[tie]]++] = tie;
  return { begin, list };
}

export class Ripples {
  constructor(seen) {
    this.seen = seen;
  }

  // For each hop: the fans reached first there, and the ties that reached them.
  from(fan) {
    this.out ??= outwardsOf(this.seen);
    const { begin, list } = this.out;
    const { target } = this.seen;
    const reached = new Set([fan]);
    const hops = [];
    let edge = [fan];
    while (edge.length && hops.length < HOPS) {
      const [fans, ties] = [[], []];
      for (const one of edge)
        for (let at = begin[one]; at < begin[one + 1]; at += 1) {
          const next = target[list[at]];
          if (reached.has(next)) continue;
          reached.add(next);
          fans.push(next);
          ties.push(list[at]);
        }
      if (fans.length) hops.push({ fans, ties });
      edge = fans;
    }
    return hops;
  }

  at(fan) {
    const { ties, source, target } = this.seen;
    const [out, into] = [[], []];
    for (let tie = 0; tie < ties; tie += 1) {
      if (source[tie] === fan) out.push(tie);
      else if (target[tie] === fan) into.push(tie);
    }
    return { out, into };
  }
}
