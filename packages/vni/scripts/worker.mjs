import { serveWorker } from "@sonde/nets";
import { localVniMetric, vniMetric } from "@sonde/vni";

serveWorker([vniMetric, localVniMetric]);
