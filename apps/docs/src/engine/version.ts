/** The version that the command line tells, put here where the site is built; the sources alone are of none. */
declare const __SONDE_VERSION__: string | undefined;

export const version = typeof __SONDE_VERSION__ === "string" ? __SONDE_VERSION__ : "0.0.0";
