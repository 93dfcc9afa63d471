import { expect, test } from 'vitest';
import { countLine, countTests } from './test-report.ts';

const file = (status: string, ...tests: string[]) => ({
  name: 'a.test.ts',
  status,
  message: 'It does not load.',
  assertionResults: tests.map((state, index) => ({
    fullName: `test ${index}`,
    status: state,
    failureMessages: state === 'failed' ? ['It is false.'] : [],
  })),
});

test('tests are counted by how they ended, and those that failed or were skipped are named', () => {
  const count = countTests(
    { testResults: [file('passed', 'passed', 'skipped'), file('failed', 'failed')] },
    1,
  );
  expect(count).toEqual({
    passed: 1,
    failed: 1,
    failures: ['a.test.ts: test 0: It is false.'],
    skippedNames: ['test 1'],
  });
  expect(countLine(count)).toBe('1 passed, 1 failed, 1 skipped');
});

test('a file that does not load is a failure', () => {
  expect(countTests({ testResults: [file('failed')] }, 1)).toMatchObject({
    failed: 1,
    failures: ['a.test.ts: It does not load.'],
  });
});

test('a file whose hook fails after its tests have passed is a failure', () => {
  expect(countTests({ testResults: [file('failed', 'passed')] }, 1).failed).toBe(1);
});

test('a run that fails for no reason that a test tells is a failure', () => {
  expect(countTests({ testResults: [file('passed', 'passed')] }, 1).failed).toBe(1);
});

test('a clean run says so without a word on skipping', () => {
  expect(countLine(countTests({ testResults: [file('passed', 'passed')] }, 0))).toBe('1 passed, 0 failed');
});
