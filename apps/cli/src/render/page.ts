/** What a report is written on: how wide it may be, and colours; every painting function returns the text unchanged where colours are off. */
export interface Page {
  /** Characters in a line. */
  readonly width: number;
  /** Whether escape sequences for colours are understood. */
  readonly colours: boolean;
  bold(text: string): string;
  dim(text: string): string;
  red(text: string): string;
  yellow(text: string): string;
  green(text: string): string;
}

/** A page for standard output, or for the file `out`: colours on a terminal only, and off with `NO_COLOR`; lines of at most 100 characters. */
export function pageFor(out?: string): Page {
  const { isTTY, columns } = process.stdout;
  const terminal = out === undefined && isTTY === true;
  const on = terminal && !process.env.NO_COLOR && process.env.TERM !== "dumb";
  const style = (open: number, close: number) => (text: string) => (on ? `\x1b[${open}m${text}\x1b[${close}m` : text);
  return {
    width: terminal ? Math.max(60, Math.min(100, columns)) : 100,
    colours: on,
    bold: style(1, 22),
    dim: style(2, 22),
    red: style(31, 39),
    yellow: style(33, 39),
    green: style(32, 39),
  };
}
