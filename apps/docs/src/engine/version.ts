import cli from "../../../cli/package.json" with { type: "json" };

/** The version that the command line tells. */
export const { version } = cli;
