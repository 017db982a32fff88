import { hiddenLayers } from "@sonde/nets";
import { type LocalVniState, localSight, type VniMetricOptions, type VniState, vniMetric } from "@sonde/vni";
import type { Monitor } from "./monitor.js";

/** Points up to which they are taken for the whole population, such as the four of exclusive or: then there is no sampling bias to remove. */
const population = 32;

/** The VNI and the weighted VNI over points, and the local VNI at one of them, layer by layer. */
export const vniMonitor: Monitor = {
  name: "vni",
  quantities: ["vni", "weightedVni", "localVni"],
  sights({ architecture, inputs, seed }, points) {
    const layers = hiddenLayers(architecture).map(({ layer, units }) => ({ layer, units }));
    const options: VniMetricOptions = { layers, removeBias: points.rows > population };
    const local = localSight(architecture, inputs, seed);
    return [
      ...(points.rows < 4 ? [] : [{ metric: vniMetric, options }]),
      ...(local ? [{ metric: local.metric, options: local.options, at: local }] : []),
    ];
  },
  read({ vni, "local-vni": local }) {
    const value = ({ count, sum }: { count: number; sum: number }) => (count > 0 ? sum : null);
    const layers = (vni as VniState | undefined)?.layers;
    return {
      ...(layers && { vni: layers.map(({ vni }) => value(vni)), weightedVni: layers.map(({ weighted }) => value(weighted)) }),
      ...(local !== undefined && { localVni: (local as LocalVniState).layers.map(({ local }) => value(local)) }),
    };
  },
};
