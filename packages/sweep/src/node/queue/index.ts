export { type QueueCellsOptions, queueCells } from "./queue-cells.js";
export { type WorkQueueOptions, workQueue } from "./work-queue.js";
