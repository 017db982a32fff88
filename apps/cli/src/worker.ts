import { angles, similarity } from "@sonde/metrics-correlation";
import { deadUnitCounts, death } from "@sonde/metrics-death";
import { gradients } from "@sonde/metrics-gradient";
import { kernelMetric } from "@sonde/metrics-kernel";
import { signalMetric, spread } from "@sonde/metrics-signal";
import { moments } from "@sonde/moments";
import { serveWorker } from "@sonde/nets";
import { localVniMetric, vniMetric } from "@sonde/vni";

serveWorker([
  death,
  deadUnitCounts,
  angles,
  similarity,
  gradients,
  kernelMetric,
  spread,
  vniMetric,
  localVniMetric,
  moments,
  signalMetric,
]);
