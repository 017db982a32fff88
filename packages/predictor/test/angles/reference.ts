import { readFileSync } from "node:fs";

/** Values that share no code with Sonde: closed forms in high precision, and Monte Carlo by NumPy. */
export const reference: {
  readonly mixedMoments: readonly ({ readonly theta: string } & Readonly<Record<string, string>>)[];
  readonly publishedFormula: readonly {
    readonly theta: number;
    readonly width: number;
    readonly mean: string;
    readonly variance: string;
  }[];
  readonly oneStep: readonly {
    readonly width: number;
    readonly theta: number;
    readonly samples: number;
    readonly degenerate: number;
    readonly mean: number;
    readonly meanStandardError: number;
    readonly variance: number;
    readonly varianceStandardError: number;
  }[];
  readonly networks: readonly SimulatedLayer[];
  readonly explicitWeights: readonly SimulatedLayer[];
} = JSON.parse(readFileSync(new URL("../../../../test/verify/reference/angles.json", import.meta.url), "utf8"));

/** ln sin^2 theta at the last hidden layer of many networks. */
export interface SimulatedLayer {
  readonly theta0: "pi/2" | "pi/4" | "0.1";
  readonly width: number;
  readonly hiddenLayers: number;
  readonly networks: number;
  readonly degenerate: number;
  readonly mean: number;
  readonly meanStandardError: number;
  readonly sd: number;
  readonly sdStandardError: number;
  readonly q05: number;
  readonly q50: number;
  readonly q95: number;
}

export const startingAngles = { "pi/2": Math.PI / 2, "pi/4": Math.PI / 4, "0.1": 0.1 };
