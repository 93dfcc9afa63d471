/** Counts what vitest's JSON report tells. */
import { relative } from 'node:path';

/** The part of the report that is read. */
export interface JsonReport {
  testResults: {
    name: string;
    status: string;
    message?: string;
    assertionResults: { fullName: string; status: string; failureMessages?: string[] }[];
  }[];
}

export interface TestCount {
  passed: number;
  failed: number;
  /** What failed and the first words of why. */
  failures: string[];
  skippedNames: string[];
}

/**
 * A file that failed outside its tests (it did not load, a hook threw) counts as one failure.
 * @param exitCode vitest's own: a run that failed for a reason that no test tells, such as an error nobody
 *   caught, is a failure too.
 */
export function countTests(report: JsonReport, exitCode: number): TestCount {
  const tests = report.testResults.flatMap((file) => file.assertionResults);
  const brokenFiles = report.testResults.filter(
    (file) => file.status === 'failed' && !file.assertionResults.some((test) => test.status === 'failed'),
  );
  const failed = tests.filter((test) => test.status === 'failed').length + brokenFiles.length;
  return {
    passed: tests.filter((test) => test.status === 'passed').length,
    failed: failed === 0 && exitCode !== 0 ? 1 : failed,
    failures: [
      ...report.testResults.flatMap(({ name, assertionResults }) =>
        assertionResults
          .filter((test) => test.status === 'failed')
          .map((test) => failure(`${name}: ${test.fullName}`, test.failureMessages?.[0])),
      ),
      ...brokenFiles.map(({ name, message }) => failure(name, message)),
    ],
    skippedNames: tests
      .filter((test) => test.status !== 'passed' && test.status !== 'failed')
      .map((test) => test.fullName),
  };
}

function failure(what: string, why = ''): string {
  return `${relative('', what)}: ${why.slice(0, 1_000).trimEnd()}`;
}

/** The last line of a run, plain, for people and programs. */
export function countLine({ passed, failed, skippedNames }: Omit<TestCount, 'failures'>): string {
  const skipped = skippedNames.length > 0 ? `, ${skippedNames.length} skipped` : '';
  return `${passed} passed, ${failed} failed${skipped}`;
}
