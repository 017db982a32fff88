import { noEngine, openWorker } from "./open-worker.js";
import type { Ask, FromWorker, Question, Stop, Subject, Told } from "./protocol.js";

/** Questions that are answered by one worker, the cheap ones in one of their own. */
export type Desk = readonly Question[];

/** What is told of answers. */
export interface Listener {
  readonly told: (message: Told) => void;
  readonly failed: (question: Question, message: string) => void;
}

/** The engine of a page. */
export interface Engine {
  /** Asks these questions, in this order; answers to what was asked of the same worker before no longer come. */
  readonly ask: (subject: Subject, questions: readonly Question[]) => void;
  /** Ends what the workers of these questions compute. */
  readonly stop: (questions: readonly Question[]) => void;
  readonly close: () => void;
}

/** One worker for each desk; each is started when it is first asked. */
export function startEngine(desks: readonly Desk[], { told, failed }: Listener): Engine {
  const workers = desks.map((desk) => startWorker(desk, { told, failed }));
  return {
    ask(subject, questions) {
      for (const { desk, ask } of workers) {
        const own = questions.filter((question) => desk.includes(question));
        if (own.length > 0) ask(subject, own);
      }
    },
    stop(questions) {
      for (const { desk, stop } of workers) if (questions.some((question) => desk.includes(question))) stop();
    },
    close() {
      for (const { close } of workers) close();
    },
  };
}

function startWorker(desk: Desk, { told, failed }: Listener) {
  let worker: Worker | undefined;
  let number = 0;
  const open = (): Worker => {
    const opened = openWorker("answers");
    opened.onmessage = ({ data }: MessageEvent<FromWorker>) => {
      if (data.number !== number) return;
      if (data.kind === "told") told(data);
      else if (data.kind === "failed") failed(data.question, data.message);
    };
    opened.onerror = () => {
      for (const question of desk) failed(question, noEngine);
    };
    return opened;
  };
  return {
    desk,
    ask(subject: Subject, questions: readonly Question[]) {
      worker ??= open();
      number++;
      const message: Ask = { kind: "ask", number, subject, questions };
      worker.postMessage(message);
    },
    stop() {
      number++;
      const message: Stop = { kind: "stop" };
      worker?.postMessage(message);
    },
    close() {
      worker?.terminate();
      worker = undefined;
    },
  };
}
