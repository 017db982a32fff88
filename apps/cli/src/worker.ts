import { angles } from "@sonde/metrics-correlation";
import { death } from "@sonde/metrics-death";
import { serveWorker } from "@sonde/nets";

serveWorker([death, angles]);
