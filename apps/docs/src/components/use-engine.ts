import { onBeforeUnmount, onMounted, type ShallowReactive, shallowReactive } from "vue";
import type { AnswerOf } from "../engine/answer.js";
import { type Desk, type Engine, startEngine } from "../engine/client.js";
import type { Question, Subject, Told } from "../engine/protocol.js";

/** What is known of a question. */
export interface Shown<Name extends Question> {
  readonly answer?: AnswerOf<Name>;
  readonly final: boolean;
  /** Whether the answer is still that of the settings before. */
  readonly stale: boolean;
  readonly elapsedMs?: number;
  /** Why there is none, in a sentence. */
  readonly failure?: string;
}

export type AllShown = { [Name in Question]?: Shown<Name> };

/** Questions by the worker that answers them, where the visitor's machine has threads for that; with fewer, what is slow waits in one line. */
function desksFor(threads: number): readonly Desk[] {
  const quick: Desk = ["death", "predict"];
  if (threads < 4) return [quick, ["verdict", "angles", "nodes", "moments", "region"]];
  return [quick, ["verdict"], ["angles", "nodes", "moments"], ["region"]];
}

/** The engine of a component: answers that come in as they are known, and its end with the component's. */
export function useEngine(desksOf: (threads: number) => readonly Desk[] = desksFor): {
  readonly shown: ShallowReactive<AllShown>;
  readonly ask: (subject: Subject, questions: readonly Question[]) => void;
  /** Ends what is computed for these questions. */
  readonly stop: (questions: readonly Question[]) => void;
  readonly workers: () => number;
} {
  const shown = shallowReactive<AllShown>({});
  let engine: Engine | undefined;
  let desks: readonly Desk[] = [];

  const told = ({ question, answer, final, elapsedMs }: Told) => {
    (shown as Record<string, Shown<Question>>)[question] = { answer, final, stale: false, elapsedMs };
  };
  const failed = (question: Question, failure: string) => {
    shown[question] = { final: true, stale: false, failure };
  };
  onMounted(() => {
    desks = desksOf(navigator.hardwareConcurrency ?? 2);
    engine = startEngine(desks, { told, failed });
  });
  onBeforeUnmount(() => engine?.close());

  return {
    shown,
    ask(subject, questions) {
      for (const question of questions) {
        const before = shown[question];
        if (before)
          (shown as Record<string, Shown<Question>>)[question] = { ...(before as Shown<Question>), stale: true, final: false };
      }
      engine?.ask(plain(subject), questions);
    },
    stop: (questions) => engine?.stop(questions),
    workers: () => desks.length,
  };
}

/** Without the reactivity that messages cannot carry. */
function plain({ settings, data, architecture, name }: Subject): Subject {
  return {
    settings: { ...settings },
    ...(data && { data: { ...data } }),
    ...(name !== undefined && { name }),
    ...(architecture && { architecture: JSON.parse(JSON.stringify(architecture)) }),
  };
}
