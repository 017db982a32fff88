import { activation } from "@sonde/core";
import { type DeathState, death } from "@sonde/metrics-death";
import { hiddenLayers } from "@sonde/nets";
import type { Monitor } from "./monitor.js";
import { type UnitDeathOptions, unitDeath } from "./unit-death.js";

/** Living points and dead units, layer by layer, and which layer is dead first. */
export const deathMonitor: Monitor = {
  name: "death",
  quantities: ["livingRatio", "deadUnits", "deadHere"],
  sights({ architecture }) {
    const layers = hiddenLayers(architecture);
    const options: UnitDeathOptions = {
      units: layers.map(({ units }) => units),
      vanishes: layers.map(({ label }) => label === "residual" || label === "concat" || activation(label).vanishes),
    };
    return [
      { metric: death, options: {} },
      { metric: unitDeath, options },
    ];
  },
  read({ death: state, "unit-death": units }) {
    const { livingRatio, deadHere } = state as DeathState;
    const { dead } = units as { dead: Uint8Array[] };
    return {
      livingRatio: livingRatio.map(({ sum }) => sum),
      deadUnits: dead.map((layer) => layer.reduce((count, one) => count + one, 0)),
      deadHere,
    };
  },
};
