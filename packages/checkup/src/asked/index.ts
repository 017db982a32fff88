export { absences } from "./absences.js";
export { architectureOf, chosenLayers, type ModelSource } from "./model-source.js";
export { type AskedOptions, defaultPoints, type ModelChoices, mostNetworks } from "./options.js";
export { modelWarnings, type Run, runRecord } from "./run-record.js";
export { isArchitectureFile, networksSetting, settingsOf } from "./settings.js";
