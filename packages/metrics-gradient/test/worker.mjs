// A worker of the tests: built packages, and this package's metric.
import { serveWorker } from "@sonde/nets";
import { gradients } from "../dist/index.js";

serveWorker([gradients]);
