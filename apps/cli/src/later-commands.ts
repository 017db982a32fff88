/** Commands that are promised but not there yet, and what they will show. */
export const laterCommands: Readonly<Record<string, string>> = {
  sweep: "a grid of runs",
  worker: "a worker of a sweep",
};
