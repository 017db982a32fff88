import { parentEndpoint, SondeError } from "@sonde/core";
import type { TrainingExecutor } from "../executor.js";
import type { Perform } from "./job.js";
import { performer } from "./perform.js";
import type { Message, Reply } from "./protocol.js";

/** Makes this thread a worker of `train`: the whole of a worker's entry file. `executors` are those it knows, by default those that are always there. */
export function serveTraining(executors?: readonly TrainingExecutor[]): void {
  const parent = parentEndpoint();
  let perform: Perform | undefined;
  const answer = async (message: Message): Promise<Reply | undefined> => {
    try {
      if ("job" in message) {
        perform = performer(message.job, executors);
        return undefined;
      }
      return { answer: await perform?.(message.request) };
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
