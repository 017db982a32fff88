import { SondeError } from "../errors.js";
import { parentEndpoint } from "./endpoint.js";
import type { Failure, Reply, Request } from "./protocol.js";

/**
 * Makes this thread a worker of `runTasks`: `prepare` receives the job once and returns the function that does one task.
 * To be called once, at the top of the worker's entry file.
 */
export function serveTasks<Job, Result>(prepare: (job: Job) => Perform<Result> | Promise<Perform<Result>>): void {
  const parent = parentEndpoint();
  let perform: Promise<Perform<Result>> | undefined;
  parent.listen(
    async (message) => {
      const request = message as Request;
      try {
        if ("job" in request) {
          perform = Promise.resolve().then(() => prepare(request.job as Job));
          await perform;
        } else if (perform) {
          const result = await (await perform)(request.task);
          parent.send({ task: request.task, result } satisfies Reply<Result>);
        }
      } catch (error) {
        parent.send({ failure: failureOf(error) } satisfies Reply<Result>);
      }
    },
    () => {},
  );
}

/** Does one task. */
type Perform<Result> = (task: number) => Result | Promise<Result>;

function failureOf(error: unknown): Failure {
  if (!(error instanceof Error)) return { name: "Error", message: String(error), expected: false };
  return { name: error.name, message: error.message, stack: error.stack, expected: error instanceof SondeError };
}
