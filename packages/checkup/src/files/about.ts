import { ConfigError, quote, SondeError } from "@sonde/core";

/** What is wrong with a file is said with its name. */
export function about<Result>(file: string, work: () => Result): Result {
  try {
    return work();
  } catch (error) {
    throw error instanceof SondeError ? new ConfigError(`in ${quote(file)}: ${error.message}`, { cause: error }) : error;
  }
}
