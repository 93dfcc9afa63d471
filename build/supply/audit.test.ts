import { expect, test } from 'vitest';
import { type Advisory, auditProblems, readAudit } from './audit.ts';

const found: Advisory = {
  id: 'GHSA-aaaa-bbbb-cccc',
  package: 'leaky',
  title: 'Leaks',
  severity: 'high',
  range: '<2.0.0',
};
const explained = { id: found.id, package: 'leaky', reason: 'Never called.', until: '2026-12-31' };

test('an advisory that nobody explained fails by the package’s name', () => {
  expect(auditProblems([found], [], '2026-11-24')).toEqual([
    expect.stringMatching(/^leaky <2.0.0: Leaks \(high, GHSA-aaaa-bbbb-cccc\): update/),
  ]);
});

test('an explanation counts for its advisory and package, to its last day', () => {
  expect(auditProblems([found], [explained], '2026-12-31')).toEqual([]);
  expect(auditProblems([found], [explained], '2027-01-01')).toEqual([
    expect.stringContaining('counted until 2026-12-31'),
  ]);
  expect(auditProblems([{ ...found, package: 'other' }], [explained], '2026-11-24')).toHaveLength(1);
  expect(auditProblems([{ ...found, id: 'GHSA-other' }], [explained], '2026-11-24')).toHaveLength(1);
});

test('an answer that is no report counts as not asked, with the reason', () => {
  expect(readAudit('{"message":"405 Method Not Allowed","error":{"summary":""}}')).toEqual({
    asked: false,
    why: '405 Method Not Allowed',
  });
  expect(readAudit('')).toMatchObject({ asked: false });
});
