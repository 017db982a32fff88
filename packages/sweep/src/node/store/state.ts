import { type Follower, follow } from "./follow.js";

/** A cell that threw. */
export interface Failure {
  /** One sentence. */
  readonly message: string;
  /** What repeats it. */
  readonly command: string;
}

/** What is known of the cells of a store. */
export interface StoreState {
  readonly done: ReadonlySet<string>;
  /** Cells that threw and were not done since, with the last failure. */
  readonly failures: ReadonlyMap<string, Failure>;
  /** Who took a cell on last: the name of a writer. */
  readonly started: ReadonlyMap<string, string>;
  /** Lines of records, those of cells that were done twice among them. */
  readonly records: () => number;
  /** When a writer was last seen to write, in milliseconds of `performance.now()`. */
  readonly lastSeen: (writer: string) => number;
  readonly damaged: Follower["damaged"];
  /** Reads what is new. */
  readonly refresh: () => void;
}

/** Reads what is done, what failed and what was started; `refresh` follows. Cells are told by their names alone, records are not parsed. */
export function storeState(store: string): StoreState {
  const done = new Set<string>();
  const failures = new Map<string, Failure>();
  const started = new Map<string, string>();
  const times = new Map<string, number>();
  let records = 0;
  const followers = [
    follow(store, "records", (id) => {
      records++;
      done.add(id);
      failures.delete(id);
    }),
    follow(store, "failures", (id, _, line) => {
      if (!done.has(id)) failures.set(id, failureOf(line));
    }),
    follow(store, "started", (id, { file }) => started.set(id, file.slice("started/".length, -".jsonl".length))),
  ];
  return {
    done,
    failures,
    started,
    records: () => records,
    lastSeen: (writer) => times.get(writer) ?? Number.NEGATIVE_INFINITY,
    damaged: followers[0].damaged,
    refresh() {
      for (const follower of followers) {
        const before = new Map(follower.read);
        follower.refresh();
        for (const [writer, bytes] of follower.read) if (before.get(writer) !== bytes) times.set(writer, performance.now());
      }
    },
  };
}

function failureOf(line: Buffer): Failure {
  const { message, command } = JSON.parse(line.toString("utf8")) as Partial<Failure>;
  return { message: String(message ?? "no reason is known"), command: String(command ?? "") };
}
