import type { AnglesResult, DeathResult, GradientsResult, ScaleResult, UnitsResult } from "@sonde/plots";

/** An estimate as JSON has it: null where there is none. */
export interface EstimateRecord {
  readonly value: number | null;
  readonly standardError?: number | null;
  readonly low?: number | null;
  readonly high?: number | null;
  readonly networks?: number;
}

/** A note is there, and networks like this one train all the same. */
export type Severity = "degenerate" | "at-risk" | "note";

export interface FindingRecord {
  readonly pathology: string;
  readonly severity: Severity;
  /** From 1; 0 for the inputs, and one more than there are layers for the outputs. */
  readonly layer: number;
  readonly name?: string;
  readonly evidence: string;
  readonly explanation: string;
  readonly source: string;
}

/** P(fails to train). */
export interface FailureRecord extends EstimateRecord {
  readonly inRange: boolean;
  readonly outside?: readonly string[];
  readonly recipe?: string;
  /** Whether it is about the data's own labels. */
  readonly targets?: boolean;
  /** The same by another recipe. */
  readonly momentum?: EstimateRecord & { readonly recipe?: string };
  readonly contributions?: readonly { readonly mechanism: string; readonly meaning: string; readonly logOdds: number | null }[];
}

/** The numbers by which changes are compared. */
export interface VitalsRecord {
  readonly verdict: string;
  readonly failure?: EstimateRecord & { readonly inRange?: boolean };
  readonly bornDead?: EstimateRecord;
  readonly livingRatio?: EstimateRecord;
  readonly degenerate?: EstimateRecord;
  readonly logSin2?: EstimateRecord;
  readonly logSpread?: EstimateRecord;
}

export interface FixRecord {
  readonly change: string;
  /** Options that lead to it when they are added to the command line; null where a file is needed. */
  readonly options?: string | null;
  readonly cost?: string;
  readonly leaves?: string;
  readonly parameters?: number;
  readonly before: VitalsRecord;
  readonly after: VitalsRecord;
}

/** A hidden layer, with all that was measured there. */
export type CheckedLayer = { readonly layer: number } & Partial<Omit<DeathResult["layers"][number], "layer">> &
  Partial<Omit<AnglesResult["layers"][number], "layer">> &
  Omit<ScaleResult["layers"][number], "layer" | "signal"> &
  Omit<GradientsResult["layers"][number], "layer"> &
  Omit<UnitsResult["layers"][number], "layer"> & {
    readonly name?: string;
    readonly units?: number;
    readonly shape?: readonly number[];
    readonly activation?: string;
    readonly beside?: boolean;
    /** Whether the angle is below the rounding of the recorded numbers, which is below this ln sin^2. */
    readonly rounding?: boolean;
    readonly resolution?: number;
    readonly vni?: EstimateRecord;
    readonly effectiveNodes?: number | null;
    readonly effectiveRank?: number | null;
    readonly predicted?: { readonly mean: number | null; readonly sd?: number | null; readonly degenerate?: number | null };
    readonly signal?: ScaleResult["layers"][number]["signal"] & { readonly units?: number; readonly activation?: string };
  };

/** What `sonde check --json` has under `result`, as far as reports show it. */
export interface CheckResult {
  readonly verdict: string;
  readonly failure?: FailureRecord | null;
  readonly findings: readonly FindingRecord[];
  readonly fixes?: readonly FixRecord[];
  /** What usually helps, of recordings: not computed. */
  readonly suggestions?: readonly {
    readonly pathology: string;
    readonly layer: number;
    readonly name?: string;
    readonly change: string;
  }[];
  readonly unmeasured?: readonly { readonly question: string; readonly reason: string }[];
  readonly inputs?: {
    readonly points?: number;
    readonly columns?: number;
    readonly low?: number | null;
    readonly high?: number | null;
    readonly meanSquare?: number | null;
    readonly name?: string;
  };
  readonly outputs?: { readonly outputs?: number; readonly units?: number; readonly activation?: string; readonly name?: string };
  readonly bornDead?: EstimateRecord;
  readonly bounds?: DeathResult["bounds"];
  readonly layers: readonly CheckedLayer[];
  readonly nodes?: {
    readonly layers: readonly {
      readonly layer: number;
      readonly units: number;
      readonly vni: EstimateRecord;
      readonly effectiveNodes: number | null;
    }[];
  };
  /** The tangent kernel, and the step size that it allows. */
  readonly conditioning?: { readonly largestLearningRate?: number | null };
  readonly growth?: EstimateRecord;
  readonly gradientGrowth?: EstimateRecord;
  readonly widthLimit?: { readonly layers: readonly { readonly layer: number; readonly deviation: number | null }[] };
  /** Of a model file, or a graph: whether its weights were drawn for the run. */
  readonly weights?: { readonly drawn?: boolean };
  /** Points and pairs of a recording. */
  readonly points?: number;
  readonly pairs?: number;
  readonly method?: string;
  readonly executor?: string;
  readonly [more: string]: unknown;
}

/** What `sonde check --json` prints: the one thing that all reports are made from. */
export interface CheckRecord {
  /** The version. */
  readonly sonde: string;
  readonly command: string;
  /** Null of a recording. */
  readonly architecture: { readonly input?: readonly number[]; readonly layers?: unknown } | null;
  readonly settings: Readonly<Record<string, unknown>>;
  readonly result: CheckResult;
  readonly warnings: readonly string[];
  readonly elapsedMs: number;
  readonly interrupted?: boolean;
}
