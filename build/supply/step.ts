/** A step of `npm run check`. */

export interface StepResult {
  ok: boolean;
  /** Shown when it failed. */
  output: string;
  /** Shown when it did not: what could not be looked at, and why. */
  note?: string;
}

export interface Step {
  name: string;
  run(): Promise<StepResult>;
}

/** A step that fails with a line for each problem. */
export function problemsStep(name: string, find: () => string[] | Promise<string[]>): Step {
  return {
    name,
    async run() {
      const problems = await find();
      return { ok: problems.length === 0, output: problems.join('\n') };
    },
  };
}
