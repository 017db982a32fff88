/** Main thread to worker: first the job, then tasks one at a time. */
export type Request = { readonly job: unknown } | { readonly task: number };

/** Worker to main thread: the result of a task, or why there is none. */
export type Reply<Result> = { readonly task: number; readonly result: Result } | { readonly failure: Failure };

export interface Failure {
  readonly name: string;
  readonly message: string;
  readonly stack?: string;
  /** Whether it is one of Sonde's own errors, meant for people. */
  readonly expected: boolean;
}
