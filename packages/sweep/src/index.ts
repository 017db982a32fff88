export { canonical, type Settings } from "./canonical.js";
export { type KubernetesOptions, kubernetesJob } from "./engines/kubernetes.js";
export { shellWord } from "./engines/shell-word.js";
export { type SlurmOptions, slurmScript } from "./engines/slurm.js";
export { axisValues } from "./grid/axis-values.js";
export { type Grid, gridSize, type Point, parseGrid, points } from "./grid/grid.js";
export {
  type CellRecord,
  cellParts,
  flatten,
  type Json,
  joinedRow,
  layerParts,
  type Row,
  type RowParts,
} from "./results/rows.js";
export { parseShard, type Shard, shardOf } from "./shard.js";
