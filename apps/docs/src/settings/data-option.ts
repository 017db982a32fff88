import type { Settings } from "./settings.js";

/** The data set that the command line has to be told: normal points and [-1, 1] are the default of most commands, and angles are those of two inputs. */
export function dataOption({ data }: Pick<Settings, "data">): string | undefined {
  if (data === "csv") return "data.csv";
  return data === "digits" ? data : undefined;
}
