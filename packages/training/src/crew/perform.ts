import type { TrainingExecutor, TrainingGroup } from "../executor.js";
import { executorFor } from "../executors.js";
import { type Look, looker } from "../look.js";
import { networkOf } from "../parameters.js";
import { pausing } from "../pause.js";
import type { Answers, Perform, Request, TrainingJob } from "./job.js";

/** Trains groups of networks on this thread. */
export function performer(
  { plan, data, monitors, executor }: TrainingJob,
  { executors, signal }: { readonly executors?: readonly TrainingExecutor[]; readonly signal?: AbortSignal } = {},
): Perform {
  const chosen = executorFor(plan, executor, executors);
  const look = looker(plan, data, monitors);
  const pause = pausing(signal);
  const groups = new Map<number, TrainingGroup>();
  const at = (group: number): TrainingGroup => {
    const found = groups.get(group);
    if (!found) throw new Error(`group ${group} was not prepared`);
    return found;
  };
  const answer = async (request: Request): Promise<Answers[Request["ask"]]> => {
    switch (request.ask) {
      case "prepare":
        groups.set(request.group, await chosen.prepare(plan, request.first, request.count, request.saved, pause));
        return undefined;
      case "advance": {
        const group = at(request.group);
        await group.advance(request.steps, pause);
        return group.losses();
      }
      case "look": {
        const group = at(request.group);
        const { from, to, thorough } = request;
        const looks: Look[] = [];
        for (let k = from; k < to; k++) {
          const network = networkOf(plan, group.parameters(k));
          looks.push(await look(network, group.step, { thorough, outputsOf: group.outputs?.bind(group, k), pause }));
        }
        return looks;
      }
      case "save":
        return at(request.group).save();
    }
  };
  return answer as Perform;
}
