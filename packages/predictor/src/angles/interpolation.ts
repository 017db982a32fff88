/** Lagrange's interpolation through four neighbouring nodes: the first of them, and the weight of each. */
export interface Stencil {
  readonly first: number;
  readonly weights: readonly number[];
}

/**
 * The cubic through the four nodes around `x`, at `x`; beyond the ends of the monotone `nodes` the outermost four. The weights sum to 1; spreading a probability at `x`
 * over the nodes by them keeps its first three moments.
 */
export function stencil(nodes: ArrayLike<number>, x: number): Stencil {
  const first = Math.max(0, Math.min(nodes.length - 4, cellOf(nodes, x) - 1));
  return { first, weights: lagrange([nodes[first], nodes[first + 1], nodes[first + 2], nodes[first + 3]], x) };
}

/** The weights of the values at the nodes in the polynomial through all of them, at `x`. */
export function lagrange(nodes: readonly number[], x: number): number[] {
  const weights: number[] = [];
  for (let i = 0; i < nodes.length; i++) {
    let weight = 1;
    for (let j = 0; j < nodes.length; j++) if (j !== i) weight *= (x - nodes[j]) / (nodes[i] - nodes[j]);
    weights.push(weight);
  }
  return weights;
}

/** The index i with `x` between nodes[i] and nodes[i + 1]; -1 or the last index where it is outside. */
function cellOf(nodes: ArrayLike<number>, x: number): number {
  const rising = nodes[nodes.length - 1] > nodes[0];
  let [low, high] = [-1, nodes.length];
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if (rising ? nodes[middle] <= x : nodes[middle] >= x) low = middle;
    else high = middle;
  }
  return low;
}
