import { parentEndpoint, SondeError } from "@sonde/core";
import type { TrainingExecutor } from "../executor.js";
import { trainingExecutors } from "../executors.js";
import type { Perform } from "./job.js";
import { performer } from "./perform.js";
import type { Message, Reply } from "./protocol.js";

/** Makes this thread a worker of `train`: the whole of a worker's entry file. `executorsNamed` gives the executors among which is the one of a name, by default those that are always there. */
export function serveTraining(
  executorsNamed: (name: string) => Promise<readonly TrainingExecutor[]> = async () => trainingExecutors,
): void {
  const parent = parentEndpoint();
  let perform: Promise<Perform> | undefined;
  const stopped = new AbortController();
  const answer = async (message: Message): Promise<Reply | undefined> => {
    if ("stop" in message) {
      stopped.abort(new Error("it was told to stop"));
      return undefined;
    }
    if ("job" in message) {
      const { job } = message;
      perform = executorsNamed(job.executor).then((executors) => performer(job, { executors, signal: stopped.signal }));
      // Told to the first request.
      perform.catch(() => {});
      return undefined;
    }
    try {
      return { answer: await (await perform)?.(message.request) };
    } catch (error) {
      const known = error instanceof Error ? error : new Error(String(error));
      const { name, message: text, stack } = known;
      return { failure: { name, message: text, stack, expected: known instanceof SondeError } };
    }
  };
  parent.listen(
    async (message) => {
      const reply = await answer(message as Message);
      if (reply) parent.send(reply);
    },
    () => {},
  );
}
