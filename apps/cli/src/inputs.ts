import { type Inputs, type InputsAsked, inputsFor } from "@sonde/checkup";
import { readDataSet } from "@sonde/formats/node";
import type { Architecture } from "@sonde/nets";

/** The inputs that the options ask for, with data sets from this machine. */
export function loadInputs(architecture: Architecture, options: InputsAsked): Promise<Inputs> {
  return inputsFor(architecture, options, readDataSet);
}
