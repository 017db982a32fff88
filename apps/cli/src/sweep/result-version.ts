/**
 * Part of the name of every cell of a sweep. Raise it when a change makes the numbers of any command differ for the same settings, or a default lead to others, and only then: what is in stores is then
 * computed again.
 */
export const resultVersion = 1;
