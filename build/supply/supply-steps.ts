/** What `npm run check` looks at of everything that others made, and of how the desk is built from it. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '../bundle.ts';
import { type AuditException, askAudit, auditProblems } from './audit.ts';
import auditExceptions from './audit-exceptions.json' with { type: 'json' };
import { installScriptProblems } from './install-scripts.ts';
import licenceRules from './licences.json' with { type: 'json' };
import { licenceProblems } from './licences.ts';
import { lockedPackages } from './lock-file.ts';
import { buildProblems } from './reproducible.ts';

export interface StepResult {
  ok: boolean;
  /** Shown when it failed. */
  output: string;
  /** Shown when it did not: what could not be looked at, and why. */
  note?: string;
}

/** A step of `npm run check`. */
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

const audit: Step = {
  name: 'known vulnerabilities',
  async run() {
    const answer = await askAudit(root);
    if (!answer.asked) {
      return {
        ok: true,
        output: '',
        note: `not looked at, as the registry could not be asked: ${answer.why}`,
      };
    }
    const today = new Date().toISOString().slice(0, 10);
    const problems = auditProblems(answer.advisories, auditExceptions as AuditException[], today);
    return { ok: problems.length === 0, output: problems.join('\n') };
  },
};

export const supplySteps: Step[] = [
  problemsStep('licences of what ships and what builds', () =>
    licenceProblems(lockedPackages(root), licenceRules),
  ),
  problemsStep('install scripts', () => {
    const { allowScripts } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
    return installScriptProblems(lockedPackages(root), allowScripts);
  }),
  audit,
  problemsStep('two builds give the same bytes, of packages that ship', () =>
    buildProblems(lockedPackages(root)),
  ),
];
