import fc from "fast-check";
import { beforeEach } from "vitest";

// The same cases in every run, so that a failure on one machine is a failure on all; FC_SEED asks for others.
fc.configureGlobal({ seed: Number(process.env.FC_SEED ?? 1) });

/** Characters of a title: reporters print it whole, and a case's value in it may be megabytes. */
const longest = 200;

beforeEach(({ task: { name } }) => {
  if (name.length > longest)
    throw new Error(
      `a test's title has at most ${longest} characters, this one ${name.length}: abbreviate the value in it, by quote of @sonde/core`,
    );
});
