import type { ForeignProgram } from "@sonde/formats";

/** What runs models that Sonde does not run itself. */
export type Foreign = (operators: readonly string[]) => ForeignProgram;

/** Calls `use` with the program for models that Sonde does not run itself, which is started where one is met, and ended afterwards. */
export async function withForeign<Result>(
  model: string,
  { signal }: { readonly signal?: AbortSignal },
  use: (foreign: Foreign) => Promise<Result>,
): Promise<Result> {
  const { neededRuntime, onnxruntime } = await import("@sonde/onnxruntime");
  const opened: { readonly close: () => void }[] = [];
  try {
    return await use((operators) => {
      const program = onnxruntime(model, neededRuntime(operators), signal ? { signal } : {});
      opened.push(program);
      return program;
    });
  } finally {
    for (const program of opened) program.close();
  }
}
