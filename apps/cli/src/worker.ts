import { angles } from "@sonde/metrics-correlation";
import { death } from "@sonde/metrics-death";
import { serveWorker } from "@sonde/nets";
import { spread } from "@sonde/predictor";

serveWorker([death, angles, spread]);
