import { SondeError } from "@sonde/core";
import { answer } from "./answer.js";
import type { FetchDigits } from "./inputs.js";
import type { Ask, FromWorker, Question, Stop, Told } from "./protocol.js";
import { turn } from "./turn.js";

/** Milliseconds between answers that are not final. */
const pause = 120;

/** Answers questions one after the other; new ones end what is being computed. */
export function engineServer(post: (message: FromWorker) => void, fetchDigits: FetchDigits): (message: Ask | Stop) => void {
  let running: AbortController | undefined;

  async function serve({ number, subject, questions }: Ask, signal: AbortSignal): Promise<void> {
    for (const question of questions) {
      const started = performance.now();
      let last = Number.NEGATIVE_INFINITY;
      try {
        for await (const { answer: found, final } of answer(question, { subject, fetchDigits, signal })) {
          // A move of a slider is heard between any two pieces of work.
          await turn();
          if (signal.aborted) return;
          const now = performance.now();
          if (!final && now - last < pause) continue;
          last = now;
          post({ kind: "told", number, question, answer: found, final, elapsedMs: now - started } as Told);
        }
      } catch (error) {
        if (signal.aborted) return;
        post({ kind: "failed", number, question, message: sentence(error, question) });
      }
    }
    post({ kind: "finished", number });
  }

  return (message) => {
    running?.abort(new Error("other settings"));
    if (message.kind === "stop") return;
    running = new AbortController();
    void serve(message, running.signal);
  };
}

function sentence(error: unknown, question: Question): string {
  if (error instanceof SondeError) return error.message;
  return `the engine failed at ${question}: ${error instanceof Error ? error.message : String(error)}`;
}
