export const root: string;
export function compile(entry: string): Promise<Uint8Array>;
