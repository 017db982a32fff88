// A worker of the tests: built packages.
import { serveTraining } from "@sonde/training";

serveTraining();
