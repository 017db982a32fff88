import { readFileSync } from "node:fs";

/** What `fixtures/make_similarity.py` found. */
interface SimilarityCase {
  x: number[][];
  y: number[][];
  lowRank: number[][];
  cka: number;
  debiasedCka: number;
  averageCosine: number;
  ranks: number[];
  correlation: number;
}

const { cases }: { cases: SimilarityCase[] } = JSON.parse(
  readFileSync(new URL("./fixtures/similarity.json", import.meta.url), "utf8"),
);
export const similarityCases = cases;
