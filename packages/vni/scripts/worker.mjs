import { serveWorker } from "../../nets/dist/index.js";
import { localVniMetric, vniMetric } from "../dist/index.js";

serveWorker([vniMetric, localVniMetric]);
