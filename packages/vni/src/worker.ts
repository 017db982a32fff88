import { serveGram } from "./gram/parallel.js";

serveGram();
