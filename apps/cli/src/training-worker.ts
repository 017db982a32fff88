import { serveTraining } from "@sonde/training";

serveTraining();
