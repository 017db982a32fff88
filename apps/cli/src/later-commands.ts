/** Commands that are promised but not there yet, and what they will show. */
export const laterCommands: Readonly<Record<string, string>> = {
  reproduce: "a paper's figure beside its published values",
};
