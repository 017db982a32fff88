// A worker of the tests: built packages, and the metric that the test passes by name.
import { serveWorker } from "@sonde/nets";

const counting = {
  name: "counting",
  trace: () => ({ sum: 0 }),
  observe: (trace, layer) => {
    if (layer.layer === 1) for (const value of layer.activations().data) trace.sum += value;
  },
  empty: () => ({ sums: [] }),
  fold: (state, trace) => {
    state.sums.push(trace.sum);
  },
  merge: (state, next) => {
    state.sums.push(...next.sums);
  },
};

const failing = {
  ...counting,
  name: "failing",
  observe: () => {
    throw new Error("this metric fails");
  },
};

const dying = { ...counting, name: "dying", observe: () => process.exit(7) };

const endless = {
  ...counting,
  name: "endless",
  observe: () => {
    for (;;);
  },
};

const hoarding = {
  ...counting,
  name: "hoarding",
  observe: () => {
    for (const kept = []; ; ) kept.push(new Array(10_000).fill(kept.length));
  },
};

serveWorker([counting, failing, dying, endless, hoarding]);
