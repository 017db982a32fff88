export {
  type ArchitectureCheckup,
  type CheckArchitectureOptions,
  checkArchitecture,
} from "./check-architecture.js";
export { firstPoints, type Inputs, type InputsAsked, inputsFor, linePoints, type ReadData } from "./inputs.js";
export { fixRecord, type GivenOptions, standardisedText, type UsableFix, usableFixes } from "./usable-fixes.js";
