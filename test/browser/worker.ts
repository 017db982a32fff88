import { death } from "../../packages/metrics-death/src/index.js";
import { serveWorker } from "../../packages/nets/src/index.js";
import { bits } from "./bits.mjs";

serveWorker([bits, death]);
