import { InvalidArgumentError } from "commander";

/** Parses `--domain`: `-1,1`, or a box `-1,1;0,2` with one interval per input. */
export function interval(text: string): [number, number][] {
  return text.split(";").map((part) => {
    const ends = part.split(",").map((end) => (end.trim() === "" ? Number.NaN : Number(end)));
    if (ends.length !== 2 || !ends.every(Number.isFinite) || ends[0] >= ends[1])
      throw new InvalidArgumentError("Give LOW,HIGH with LOW below HIGH for each input, joined by ;, as in --domain=-1,1.");
    return [ends[0], ends[1]];
  });
}

/** Parses `--theta0`. */
export function thetaOption(text: string): number {
  const value = Number(text);
  if (!(value > 0 && value <= Math.PI))
    throw new InvalidArgumentError("Give an angle in radians above 0 and up to pi (3.141592653589793).");
  return value;
}
