import { type KernelActivation, kernelActivations } from "../activation.js";
import type { Address } from "./memory.js";

/** Activations; `parameter` is the slope of leaky ReLU, by default 0.01, the alpha of ELU or the frequency of sin, by default 1. */
export interface ActivationKernels {
  /** Applies an activation in place to [count][4] values. */
  readonly activate: (values: Address, count: number, activation: KernelActivation, parameter?: number) => void;
  /** tangents *= phi'(values), then values = phi(values), both [count][4]; the derivative at a kink is the one from the left. */
  readonly activateTangent: (
    values: Address,
    tangents: Address,
    count: number,
    activation: KernelActivation,
    parameter?: number,
  ) => void;
}

export interface ActivationModule {
  activate(values: number, count: number, code: number, parameter: number): void;
  activateTangent(values: number, tangents: number, count: number, code: number, parameter: number): void;
}

export function activationKernels(module: ActivationModule): ActivationKernels {
  return {
    activate: (values, count, activation, parameter) =>
      module.activate(values, count, activationCode(activation), parameter ?? defaultParameter(activation)),
    activateTangent: (values, tangents, count, activation, parameter) =>
      module.activateTangent(values, tangents, count, activationCode(activation), parameter ?? defaultParameter(activation)),
  };
}

/** The module's code of an activation. */
export function activationCode(activation: KernelActivation = "linear"): number {
  return kernelActivations.indexOf(activation);
}

export function defaultParameter(activation: KernelActivation = "linear"): number {
  return activation === "leaky-relu" ? 0.01 : 1;
}
