import type { Architecture } from "@sonde/nets";

export function layerKinds(width: number): Readonly<Record<string, Architecture>>;
