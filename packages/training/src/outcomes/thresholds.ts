/** What became of a network. */
export type Outcome =
  | "learned"
  | "collapsedMean"
  | "collapsedMedian"
  | "collapsedOther"
  | "walkingDead"
  | "vanished"
  | "exploded"
  | "diverged"
  | "undecided";

/** All outcomes, in the order in which they are told. */
export const outcomeNames: readonly Outcome[] = [
  "learned",
  "collapsedMean",
  "collapsedMedian",
  "collapsedOther",
  "walkingDead",
  "vanished",
  "exploded",
  "diverged",
  "undecided",
];

/**
 * What outcomes are told by, see `outcomeOf`.
 *
 * The *skill* of a network is the share of the best constant's training loss that it takes away, 1 - loss / constant's loss; for classes the share of the errors of always guessing the most frequent class,
 * (accuracy - most frequent) / (1 - most frequent).
 */
export const outcomeThresholds = {
  /** Skill from which a network has learned: of values, of classes. */
  learned: { values: 0.9, classes: 0.75 },
  /** An output is constant if its range over the probe's points is below this. */
  range: 1e-3,
  /** A constant is the mean (the median) if its mean squared (mean absolute) error is at most this share above the least. */
  constant: 0.01,
  /** Mean and median closer than this many standard deviations of the target cannot be told apart: then the loss decides which it was. */
  apart: 0.02,
  /** Skill below which the loss has not fallen. */
  stuck: 0.1,
  /** Gradients further than this factor from those of a shallow network that learns the task have vanished or exploded. */
  gradient: 10,
} as const;
