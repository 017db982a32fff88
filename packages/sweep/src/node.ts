export { type Merged, mergeStore } from "./node/merge.js";
export { cellId, type Expansion, planSweep, type SweepPlan, type SweepRequest } from "./node/plan/plan.js";
export { failureText, serveCells } from "./node/run/cell-thread.js";
export { type CellProgress, type CellRun, type RunCellsOptions, runCells } from "./node/run/run-cells.js";
export { clearStore, makeFolder, openStore, type PlanFile, readPlanFile, samePlan } from "./node/store/plan-file.js";
export { type Failure, type StoreState, storeState } from "./node/store/state.js";
export { openWriter, StoreError, type StoreWriter } from "./node/store/writer.js";
export { type TableFiles, writeTables } from "./node/tables/write-tables.js";
