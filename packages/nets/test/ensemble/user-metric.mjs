// A user's own metric, which no worker of the tests serves: the largest activation of every layer, network after network.
export const largest = {
  name: "largest",
  trace: () => [],
  observe: (trace, { activations, exponent }) => {
    trace.push(Math.max(...activations().data) * 2 ** exponent);
  },
  empty: () => [],
  fold: (state, trace, { options }) => {
    state.push(trace.map((value) => value * options.unit));
  },
  merge: (state, next) => {
    state.push(...next);
  },
};

/** Has the name of a metric and not its functions. */
export const incomplete = { name: "incomplete", trace: () => [] };
