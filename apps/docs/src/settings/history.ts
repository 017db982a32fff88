/** States that one can go back to, and forth again. */
export interface History<State> {
  readonly past: readonly State[];
  readonly present: State;
  readonly future: readonly State[];
}

/** States kept at most. */
const most = 100;

export function historyOf<State>(present: State): History<State> {
  return { past: [], present, future: [] };
}

/** Goes on to a new state. With `replace` it takes the place of the present one, as while a slider is held. */
export function changed<State>({ past, present }: History<State>, next: State, replace = false): History<State> {
  return { past: replace ? past : [...past, present].slice(-most), present: next, future: [] };
}

export function undone<State>(history: History<State>): History<State> {
  const { past, present, future } = history;
  const last = past.at(-1);
  return last === undefined ? history : { past: past.slice(0, -1), present: last, future: [present, ...future] };
}

export function redone<State>(history: History<State>): History<State> {
  const { past, present, future } = history;
  return future.length === 0 ? history : { past: [...past, present], present: future[0], future: future.slice(1) };
}
