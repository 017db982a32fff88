/** What is kept of a command that ran as a cell of a sweep: its JSON record without what differs from run to run. */
export interface HostRecord {
  readonly command: string;
  readonly settings: Readonly<Record<string, unknown>>;
  readonly result: object;
  readonly warnings: readonly string[];
}

/** Takes the place of terminal, files and signals where a command runs as a cell of a sweep: on the thread that asks for it, without output. */
export interface Host {
  readonly signal: AbortSignal;
  readonly deliver: (record: HostRecord) => void;
}
