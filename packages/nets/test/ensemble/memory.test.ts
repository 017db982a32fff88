import { matrix } from "@sonde/core";
import { expect, it } from "vitest";
import { type Architecture, type Layer, mlp, planEnsemble } from "../../src/index.js";

/** The executor of so many points, which the kernels take as long as their memory of 0.9 GiB holds them. */
function executor(architecture: Architecture, points: number): string {
  const inputs = matrix(points, 1);
  return planEnsemble({ architecture, inputs, seed: 0, method: "weights", networks: 1, metrics: [] }).executor;
}

/** A chain of that width, in a block where asked for. */
function chain(units: number, nested: boolean): Architecture {
  const layers: Layer[] = [
    { kind: "dense", units },
    { kind: "activation", activation: "relu" },
  ];
  return nested ? { input: [1], layers: [{ kind: "concat", body: layers }] } : { input: [1], layers };
}

it("points go to the kernels up to 0.9 GiB: five values of 16 bytes for each unit of the widest layer, and two more in blocks", () => {
  const fits = (values: number) => Math.floor((0.9 * 2 ** 30) / 16 / values / 100);
  expect(executor(chain(fits(5), false), 100)).toBe("kernels");
  expect(executor(chain(fits(5) + 1, false), 100)).toBe("reference");
  expect(executor(chain(fits(7) - 1, true), 100)).toBe("kernels");
  expect(executor(chain(fits(7), true), 100)).toBe("reference");
  expect(executor(mlp("1-16-1"), 100)).toBe("kernels");
});
