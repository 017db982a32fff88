import { ConfigError, quote } from "@sonde/core";
import { shellWord } from "./shell-word.js";

/** What a Slurm script is made of. */
export interface SlurmOptions {
  /** The command line program, in words: absolute paths of node and of its script. */
  readonly program: readonly string[];
  /** Absolute path of the store. */
  readonly store: string;
  readonly cells: number;
  /** Tasks of the array, at most 1000. */
  readonly shards: number;
  /** Tasks that run at once at most. */
  readonly parallel: number;
  /** Minutes that a task may run before it is queued again, at least 5. */
  readonly minutes: number;
  /** Of each processor, as Slurm writes it. */
  readonly memory: string;
  readonly processors: number;
}

/**
 * A shell script that submits a sweep to Slurm: an array of shards, of which each asks for another turn before its time is up, and a job that merges what there is when the array has ended, however it
 * ended. The number of shards is written into it, so that submitting some of them again does the right cells.
 *
 * Throws `ConfigError` below five minutes (the signal may come two minutes before the limit, so shorter tasks would be queued for ever) and beyond 1000 shards.
 */
export function slurmScript(options: SlurmOptions): string {
  const { program, store, cells, shards, parallel, minutes, memory, processors } = options;
  if (minutes < 5)
    throw new ConfigError(
      `--time takes 5 minutes or more, so that a task can do something before it asks for its next turn, got ${minutes}`,
    );
  if (shards > 1000) throw new ConfigError(`--shards takes up to 1000, the most that Slurm takes by default, got ${shards}`);
  if (/[\n"]/.test(store))
    throw new ConfigError(`Slurm cannot write logs into the folder ${quote(store)}: give --store a plainer name`);
  const sonde = program.map(shellWord).join(" ");
  const at = shellWord(store);
  return `#!/bin/sh
# A sweep of ${cells} cells in ${shards} shards, made by sonde sweep --emit slurm. Submit it with
#   sh THIS-FILE [options of sbatch, such as --partition=NAME, or --array=3,7 for some of the shards]
# Submit it again for what is missing: what is done is never done again.
set -eu
array=$(sbatch --parsable "$@" <<'SONDE'
#!/bin/sh
#SBATCH --job-name=sonde-sweep
#SBATCH --array=1-${shards}%${Math.min(parallel, shards)}
#SBATCH --output="${store}/slurm-%A_%a.log"
#SBATCH --open-mode=append
#SBATCH --requeue
#SBATCH --ntasks=1
#SBATCH --cpus-per-task=${processors}
#SBATCH --mem-per-cpu=${memory}
#SBATCH --time=${minutes}
#SBATCH --signal=B:USR1@60
set -eu
# Where node comes from a module: module load nodejs
again=
${sonde} sweep --store ${at} --shard "$SLURM_ARRAY_TASK_ID/${shards}" --threads "\${SLURM_CPUS_PER_TASK:-1}" &
sonde=$!
# One to two minutes before the limit: keep what is finished and ask for another turn. scancel and the limit itself send SIGTERM to every process.
trap 'again=yes; kill -TERM "$sonde" 2>/dev/null || :' USR1
trap 'kill -TERM "$sonde" 2>/dev/null || :' TERM
status=0
wait "$sonde" || status=$?
# A signal that is caught ends the waiting early.
while kill -0 "$sonde" 2>/dev/null; do status=0; wait "$sonde" || status=$?; done
if [ -n "$again" ] && [ "$status" -eq 130 ]; then
  trap '' TERM
  scontrol requeue "\${SLURM_ARRAY_JOB_ID}_$SLURM_ARRAY_TASK_ID"
fi
exit "$status"
SONDE
)
array=\${array%%;*}
merge=$(sbatch --parsable --job-name=sonde-merge --dependency=afterany:"$array" --output=${shellWord(`${store}/slurm-merge.log`)} \\
  --time=60 --wrap ${shellWord(`exec ${sonde} sweep merge --store ${at}`)})
echo "array $array of ${shards} shards, then merge job \${merge%%;*}; sonde sweep status --store ${at.replace(/["$`\\]/g, "\\$&")} says how far it is"
`;
}
