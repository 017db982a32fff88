/** Exit codes of the command line. */
export const exitCodes = { done: 0, found: 1, usage: 2, failed: 3, interrupted: 130 } as const;
