import { serveCells } from "@sonde/sweep/node";
import { cellComputer } from "./sweep/compute-cell.js";

serveCells(cellComputer());
