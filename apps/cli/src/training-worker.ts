import { serveTraining } from "@sonde/training";
import { executorsNamed } from "./training-executors.js";

serveTraining(executorsNamed);
