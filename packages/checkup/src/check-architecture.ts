import type { Architecture } from "@sonde/nets";
import { type Diagnosis, diagnose } from "@sonde/predictor";
import type { ModelSource } from "./asked/model-source.js";
import type { AskedOptions } from "./asked/options.js";
import { networksSetting } from "./asked/settings.js";
import type { Inputs } from "./inputs.js";
import { fixRecord, type UsableFix, usableFixes } from "./usable-fixes.js";

/** How networks are drawn, and what is heard of it: all that `diagnose` takes but the inputs. */
type RunOptions = Omit<NonNullable<Parameters<typeof diagnose>[1]>, "data" | "domain" | "targets" | "points">;

export interface CheckArchitectureOptions {
  /** What the options choose the layers of: fixes are told as options that are added to it. */
  readonly source: ModelSource;
  readonly asked: AskedOptions;
  readonly inputs: Inputs;
  readonly run: RunOptions;
}

/** The check-up of an architecture. */
export interface ArchitectureCheckup {
  /** What `sonde check --json` has under `result`. */
  readonly result: ReturnType<typeof resultOf>;
  /** What it measured with, by the names of the options. */
  readonly settings: Readonly<Record<string, unknown>>;
  readonly diagnosis: Diagnosis & { readonly fixes: readonly UsableFix[] };
  readonly interrupted: boolean;
}

/**
 * Draws networks of an architecture, and says what is wrong with them, how likely training fails, and which changes help. Same seed, same bits.
 *
 * Throws the sentences of the libraries for settings that make no sense.
 */
export async function checkArchitecture(
  architecture: Architecture,
  { source, asked, inputs, run }: CheckArchitectureOptions,
): Promise<ArchitectureCheckup> {
  const { data, domain, settings, targets } = inputs;
  const found = await diagnose(architecture, { ...run, data, domain, targets, points: settings.points });
  const diagnosis = { ...found, fixes: usableFixes(source, asked, found.fixes) };
  return {
    result: resultOf(diagnosis),
    settings: { ...settings, networks: networksSetting(asked, diagnosis.measurement) },
    diagnosis,
    interrupted: diagnosis.measurement.death.interrupted,
  };
}

function resultOf({
  verdict,
  failure,
  findings,
  fixes,
  measurement,
  predictedAngles,
  widthLimit,
}: ArchitectureCheckup["diagnosis"]) {
  const {
    layers,
    noLivingPoint,
    bounds,
    domain: drawnFrom,
    interrupted: _interrupted,
    method: drawn,
    executor,
    ...bornDead
  } = measurement.death;
  const { scale, gradients } = measurement;
  const checked = layers.map((layer, l) => {
    const { slope, saturated, linear, deadUnits, constantUnits, ...signal } = scale?.layers[l] ?? {};
    return {
      ...layer,
      ...measurement.angles?.layers[l],
      ...(predictedAngles && { predicted: predictedAngles[l] }),
      ...(scale && {
        signal: { ...signal, ...(scale.predicted && { predicted: scale.predicted[l] }) },
        deadUnits,
        constantUnits,
        ...(slope && { slope }),
        ...(saturated && { saturated }),
        ...(linear && { linear }),
      }),
      ...(gradients && {
        gradient: {
          ...gradients.layers[l],
          ...(gradients.predicted && { predicted: gradients.predicted.layers[l] }),
        },
      }),
    };
  });
  return {
    verdict,
    failure,
    findings,
    fixes: fixes.map(fixRecord),
    inputs: measurement.inputs,
    outputs: scale?.output,
    structure: measurement.structure,
    growth: scale?.growth,
    gradientGrowth: gradients?.growth,
    bornDead,
    noLivingPoint,
    bounds,
    layers: checked,
    nodes: measurement.nodes,
    signal: measurement.signal,
    conditioning: measurement.conditioning,
    widthLimit,
    method: drawn,
    executor,
    domain: drawnFrom,
  };
}
