export const root: string;
export function compile(entry: string, features?: readonly string[]): Promise<Uint8Array>;
export function compileText(entry: string, inlined?: boolean): Promise<string>;
