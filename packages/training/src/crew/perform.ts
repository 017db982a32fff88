import type { TrainingExecutor, TrainingGroup } from "../executor.js";
import { executorFor } from "../executors.js";
import { looker } from "../look.js";
import { networkOf } from "../parameters.js";
import type { Answers, Perform, Request, TrainingJob } from "./job.js";

/** Trains groups of networks on this thread. */
export function performer({ plan, data, monitors, executor }: TrainingJob, executors?: readonly TrainingExecutor[]): Perform {
  const chosen = executorFor(plan, executor, executors);
  const look = looker(plan, data, monitors);
  const groups = new Map<number, TrainingGroup>();
  const at = (group: number): TrainingGroup => {
    const found = groups.get(group);
    if (!found) throw new Error(`group ${group} was not prepared`);
    return found;
  };
  const answer = async (request: Request): Promise<Answers[Request["ask"]]> => {
    switch (request.ask) {
      case "prepare":
        groups.set(request.group, await chosen.prepare(plan, request.first, request.count, request.saved));
        return undefined;
      case "advance": {
        const group = at(request.group);
        await group.advance(request.steps);
        return group.losses();
      }
      case "look": {
        const group = at(request.group);
        const { from, to, thorough } = request;
        return Array.from({ length: to - from }, (_, i) => {
          const network = networkOf(plan, group.parameters(from + i));
          const outputs = group.outputs?.bind(group, from + i);
          return look(network, group.step, thorough, outputs);
        });
      }
      case "save":
        return at(request.group).save();
    }
  };
  return answer as Perform;
}
