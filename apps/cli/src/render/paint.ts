/** Paints text for a terminal; every function returns the text unchanged where colours are off. */
export interface Painter {
  bold(text: string): string;
  dim(text: string): string;
  red(text: string): string;
  yellow(text: string): string;
  green(text: string): string;
  cyan(text: string): string;
}

/** A painter for standard output: colours only on a terminal, and off with `NO_COLOR`. */
export function painter(toStandardOutput: boolean): Painter {
  const on = toStandardOutput && process.stdout.isTTY === true && !process.env.NO_COLOR && process.env.TERM !== "dumb";
  const style = (open: number, close: number) => (text: string) => (on ? `\x1b[${open}m${text}\x1b[${close}m` : text);
  return {
    bold: style(1, 22),
    dim: style(2, 22),
    red: style(31, 39),
    yellow: style(33, 39),
    green: style(32, 39),
    cyan: style(36, 39),
  };
}
