// A metric in plain JavaScript, so that Node's workers (built packages) and pages (sources) share it: hashes of all bits that a metric may see.

export const bits = {
  name: "bits",
  trace: () => [],
  observe: (trace, layer) => {
    const { data } = layer.activations();
    const words = new Uint32Array(data.buffer, data.byteOffset, data.byteLength / 4);
    trace.push([words, layer.alive(), [layer.exponent, layer.points, layer.units]].reduce(hashed, 0));
  },
  empty: () => [],
  fold: (state, trace) => {
    state.push(trace);
  },
  merge: (state, next) => {
    state.push(...next);
  },
};

/** The same, as a metric that no worker serves. */
export const unserved = { ...bits, name: "unserved" };

function hashed(hash, words) {
  for (const word of words) hash = Math.imul(((hash << 13) | (hash >>> 19)) ^ word, 0x9e3779b1);
  return hash;
}
