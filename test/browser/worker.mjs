// A worker in Node: built packages.
import { death } from "../../packages/metrics-death/dist/index.js";
import { serveWorker } from "../../packages/nets/dist/index.js";
import { bits } from "./bits.mjs";

serveWorker([bits, death]);
