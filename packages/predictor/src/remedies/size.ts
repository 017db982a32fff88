import { log2 } from "@sonde/core/math";
import type { Chain } from "@sonde/nets";
import { thresholds } from "../thresholds.js";
import { chainIn } from "./edit.js";
import type { Change, Remedy } from "./remedy.js";

/** Widths beyond which wider layers are not tried. */
const widest = 1024;

/** More units in the layers that have few. */
export const wider: Remedy = {
  name: "wider",
  family: "width",
  cost: "parameters and time",
  leaves: "width postpones death and narrowing angles, and depth brings them back",
  // log2(H / delta) units bound P(born dead) by delta; angles need widths in proportion to the depth.
  change: (architecture) => {
    const chain = chainIn(architecture);
    if (!chain) return undefined;
    const depth = chain.hidden.length;
    const wider = [Math.ceil(log2(depth / thresholds.bornDead.atRisk)), depth].find((width) => width > narrowest(chain));
    return wider === undefined || wider > widest ? undefined : withWidth(chain, wider);
  },
  sizes: (architecture) => {
    const chain = chainIn(architecture);
    if (!chain) return undefined;
    const least = narrowest(chain) + 1;
    const most = Math.min(widest, Math.max(32, 4 * chain.hidden.length));
    return { count: Math.max(0, most - least + 1), at: (index) => withWidth(chain, least + index) };
  },
};

/** Fewer hidden layers. */
export const shallower: Remedy = {
  name: "shallower",
  family: "depth",
  cost: "nothing",
  leaves: "each layer that stays is as likely to die as before, and the network can express less",
  change: (architecture) => {
    const chain = chainIn(architecture);
    return chain && chain.hidden.length >= 2 ? withDepth(chain, Math.ceil(chain.hidden.length / 2)) : undefined;
  },
  sizes: (architecture) => {
    const chain = chainIn(architecture);
    return chain && { count: chain.hidden.length - 1, at: (index) => withDepth(chain, chain.hidden.length - 1 - index) };
  },
};

function narrowest({ hidden }: Chain): number {
  return hidden.reduce((least, width) => Math.min(least, width));
}

function withWidth(chain: Chain, width: number): Change {
  return {
    change: `at least ${width} units in every hidden layer`,
    ...resized(
      chain,
      chain.hidden.map((now) => Math.max(now, width)),
    ),
  };
}

function withDepth(chain: Chain, depth: number): Change {
  return {
    change: `${depth} hidden ${depth === 1 ? "layer" : "layers"} instead of ${chain.hidden.length}`,
    ...resized(chain, chain.hidden.slice(0, depth)),
  };
}

function resized({ input, outputs, rebuilt }: Chain, hidden: readonly number[]): Pick<Change, "architecture" | "choices"> {
  return { architecture: rebuilt(hidden), choices: { widths: [input, ...hidden, outputs] } };
}
