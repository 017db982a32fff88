import { limits } from "@sonde/nets";
import { chainIn } from "./edit.js";
import type { Remedy } from "./remedy.js";

/** y = x + f(x). */
export const residual: Remedy = {
  name: "residual",
  family: "skip",
  cost: "hidden layers of one width",
  leaves: "the signal doubles in every unit: deep networks need a smaller variance of their branches or a norm",
  change: (architecture) => {
    const chain = chainIn(architecture);
    if (!chain?.hidden.every((width) => width === chain.hidden[0])) return undefined;
    const block = chain.hidden.length % 2 === 0 ? 2 : 1;
    return {
      change: "residual connections",
      choices: { skip: "residual", block },
      architecture: chain.rebuilt(chain.hidden, { skip: "residual", block }),
    };
  },
};

/** Every layer sees the input and all earlier outputs. */
export const denseConnections: Remedy = {
  name: "dense",
  family: "skip",
  cost: "weights that grow with the square of the depth",
  leaves: "layers still die one by one, and hand on what came before them",
  change: (architecture) => {
    const chain = chainIn(architecture);
    const widest = (chain?.hidden ?? []).reduce((sum, width) => sum + width, architecture.input[0]);
    if (!chain || widest * widest > limits.weights) return undefined;
    return {
      change: "dense connections",
      choices: { skip: "dense" },
      architecture: chain.rebuilt(chain.hidden, { skip: "dense" }),
    };
  },
};
