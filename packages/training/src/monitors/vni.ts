import { hiddenLayers } from "@sonde/nets";
import { type VniMetricOptions, type VniState, vniMetric } from "@sonde/vni";
import type { Monitor } from "./monitor.js";

/** Points up to which they are taken for the whole population, such as the four of exclusive or: then there is no sampling bias to remove. */
const population = 32;

/** The VNI and the weighted VNI, layer by layer. */
export const vniMonitor: Monitor = {
  name: "vni",
  quantities: ["vni", "weightedVni"],
  metrics(architecture, points) {
    if (points.rows < 4) return [];
    const layers = hiddenLayers(architecture).map(({ layer, units }) => ({ layer, units }));
    const options: VniMetricOptions = { layers, removeBias: points.rows > population };
    return [{ metric: vniMetric, options }];
  },
  read([state]) {
    const layers = (state as VniState | undefined)?.layers ?? [];
    const value = ({ count, sum }: { count: number; sum: number }) => (count > 0 ? sum : null);
    return { vni: layers.map(({ vni }) => value(vni)), weightedVni: layers.map(({ weighted }) => value(weighted)) };
  },
};
