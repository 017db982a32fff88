import { death } from "../../packages/metrics-death/dist/index.js";
import { serveWorker } from "../../packages/nets/dist/index.js";

serveWorker([death]);
