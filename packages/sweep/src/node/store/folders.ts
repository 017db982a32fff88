/**
 * What lies in the folder of a store beside `plan.json`: of each writer a file of its own in each of these, to which it alone appends.
 *
 * - `records`: a line a finished cell.
 * - `failures`: a line a cell that threw.
 * - `started`: a line for each cell that a writer has taken on, so that others take other cells first. Nothing but the order depends on it.
 */
export const folders = ["records", "failures", "started"] as const;

export type FolderName = (typeof folders)[number];

/** The endings of their files. */
export const ending = ".jsonl";
