import { rename, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it, onTestFinished, vi } from 'vitest';
import { createRefusalLog } from './counted-log.ts';
import { createLogger } from './logger.ts';
import { ApiTokens, entryProblem, hashedLine } from './secrets.ts';
import { testFolder } from './testing/test-folder.ts';
import { openApiTokens } from './token-file.ts';

const token = 'Tk-0123456789abcdefghij';
const bearer = (text: string) => `Bearer ${text}`;
const line = (lastDay?: string) => hashedLine(token, { name: "Ada's desk", lastDay });

describe('a list of tokens', () => {
  it('admits everybody while it is empty, and nobody where it is empty but demanded', () => {
    expect(new ApiTokens([]).admits(undefined)).toEqual({ admitted: true, name: null });
    expect(new ApiTokens([], { demanded: true }).admits(bearer(token))).toMatchObject({ reason: 'unknown' });
  });

  it('admits who shows one of them, written down as it is or as its digest, and knows it by name', () => {
    const tokens = new ApiTokens(['another-token-written-plain', line()]);
    expect(tokens.admits(bearer(token))).toMatchObject({ admitted: true, name: "Ada's desk" });
    expect(tokens.admits(bearer('another-token-written-plain'))).toMatchObject({
      admitted: true,
      name: null,
    });
  });

  it("takes who shows a token with a name for the agent of that name, but for a proxy's", () => {
    expect(new ApiTokens([line()]).admits(bearer(token)).agent).toEqual({
      id: "Ada's desk",
      name: "Ada's desk",
    });
    const typedByHand = line().replace(':', ' :');
    expect(new ApiTokens([typedByHand]).admits(bearer(token)).agent?.id).toBe("Ada's desk");
    expect(new ApiTokens([token]).admits(bearer(token)).agent).toBeUndefined();
    for (const lastDay of [undefined, '2099-12-31']) {
      const tokens = new ApiTokens([hashedLine(token, { name: 'web', lastDay, isProxy: true })]);
      expect(tokens.admits(bearer(token))).toMatchObject({ admitted: true, name: 'web' });
      expect(tokens.admits(bearer(token)).agent).toBeUndefined();
    }
  });

  it.each([
    [undefined, 'none'],
    ['', 'none'],
    [`Basic ${token}`, 'none'],
    ['Bearer ', 'none'],
    [bearer(`${token}x`), 'unknown'],
    [bearer(token.slice(0, -1)), 'unknown'],
  ])('turns away who shows %j', (authorization, reason) => {
    expect(new ApiTokens([line()]).admits(authorization)).toEqual({ admitted: false, reason, name: null });
  });

  it('does not admit the digest in place of the token', () => {
    const digest = line().split(':')[2] ?? '';
    expect(new ApiTokens([line()]).admits(bearer(digest))).toMatchObject({ admitted: false });
    expect(line()).not.toContain(token);
  });

  it('admits a token through its last day, in UTC, and says afterwards that it has expired', () => {
    const tokens = new ApiTokens([line('2026-11-24')]);
    const at = (time: string) => tokens.admits(bearer(token), Date.parse(time));
    expect(at('2026-11-24T23:59:59.999Z')).toMatchObject({ admitted: true });
    expect(at('2026-11-25T00:00:00Z')).toEqual({ admitted: false, reason: 'expired', name: "Ada's desk" });
  });

  it.each([
    ['short'],
    ['with a space in it, long'],
    [`name:sha256:${'0'.repeat(63)}`],
    [`name:sha256:${'0'.repeat(64)}:2026-13-01`],
    [`name:sha256:${'0'.repeat(64)}:tomorrow`],
    [`:sha256:${'0'.repeat(64)}`],
    [`name:sha256:${'0'.repeat(64)}:proxy:2026-12-31`],
    [`name:sha256:${'0'.repeat(64)}:proxies`],
  ])('has no entry such as %j', (entry) => {
    expect(entryProblem(entry)).toBeDefined();
  });

  it('is known again by its key until it is withdrawn or over; a session has none', () => {
    vi.useFakeTimers({ toFake: ['Date'] });
    onTestFinished(() => void vi.useRealTimers());
    vi.setSystemTime('2026-12-31T23:59:59Z');
    const tokens = new ApiTokens([line('2026-12-31'), 'another-token']);
    const [own = '', other = ''] = [token, 'another-token'].map((each) => tokens.admits(bearer(each)).key);
    expect([own, other].map((key) => tokens.isGood(key))).toEqual([true, true]);
    expect([tokens.openSession(), 'unknown'].map((each) => tokens.admits(bearer(each)).key)).toEqual([
      undefined,
      undefined,
    ]);
    vi.setSystemTime('2027-01-01T00:00:00Z');
    expect(tokens.isGood(own)).toBe(false);
    tokens.replace([]);
    expect(tokens.isGood(other)).toBe(false);
  });

  it('has no line for a name that would break it, nor for one that is no agent’s', () => {
    for (const name of ['a:b', 'a,b', '#a', '', 'a\nb', ' ', ' a', 'a'.repeat(101)])
      expect(() => hashedLine(token, { name, lastDay: undefined })).toThrow('name');
    expect(entryProblem(line('2026-12-31'))).toBeUndefined();
  });
});

describe('a file of tokens', () => {
  let folder: string;
  let file: string;
  beforeEach(async () => {
    folder = testFolder();
    file = path.join(folder, 'tokens');
    vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval', 'Date'] });
  });
  afterEach(async () => {
    vi.useRealTimers();
  });

  const logged: Record<string, unknown>[] = [];
  const logger = createLogger({
    name: 'test',
    level: 'info',
    destination: { write: (entry) => void logged.push(JSON.parse(entry)) },
  });

  async function write(text: string): Promise<void> {
    await writeFile(`${file}.new`, text);
    await rename(`${file}.new`, file);
  }

  it('is read anew when it has changed: a token that is withdrawn admits nobody any more', async () => {
    await write(`# the desks\n${line()}\n`);
    const { tokens, close } = openApiTokens({ entries: [line()], file, logger });
    expect(tokens.admits(bearer(token))).toMatchObject({ admitted: true });
    await write('# none\n');
    const told = new Promise<void>((resolve) => tokens.onRecheck(resolve));
    vi.advanceTimersByTime(2_000);
    await told;
    expect(tokens.admits(bearer(token))).toMatchObject({ admitted: false });
    expect(tokens.admits(undefined)).toMatchObject({ admitted: false });
    close();
  });

  it('keeps what it had when it is gone, and does without an entry that is not right', async () => {
    await write(line());
    const { tokens, close } = openApiTokens({ entries: [line()], file, logger });
    await rm(file);
    vi.advanceTimersByTime(2_000);
    await vi.waitFor(() => expect(JSON.stringify(logged)).toContain("can't be read"));
    expect(tokens.admits(bearer(token))).toMatchObject({ admitted: true });
    const told = new Promise<void>((resolve) => tokens.onRecheck(resolve));
    await write(`oops\n${line()}`);
    vi.advanceTimersByTime(2_000);
    await told;
    expect(tokens.admits(bearer(token))).toMatchObject({ admitted: true });
    expect(tokens.admits(bearer('oops'))).toMatchObject({ admitted: false });
    expect(JSON.stringify(logged)).not.toContain('oops');
    close();
  });

  it('has those who are there judged anew when a token expires', async () => {
    vi.setSystemTime('2026-11-24T23:59:59Z');
    const { tokens, close } = openApiTokens({ entries: [line('2026-11-24')], file: undefined, logger });
    const told = new Promise<void>((resolve) => tokens.onRecheck(resolve));
    vi.advanceTimersByTime(2_000);
    await told;
    expect(tokens.admits(bearer(token))).toMatchObject({ reason: 'expired' });
    close();
  });
});

it('tells the log of those who were turned away in a line each minute, without what they showed', () => {
  vi.useFakeTimers({ toFake: ['performance'] });
  const lines: Record<string, unknown>[] = [];
  const logger = createLogger({
    name: 'test',
    level: 'warn',
    destination: { write: (entry) => void lines.push(JSON.parse(entry)) },
  });
  const log = createRefusalLog(logger);
  for (let count = 0; count < 500; count += 1) log({ peer: '192.0.2.1:5', reason: 'unknown', name: null });
  vi.advanceTimersByTime(60_000);
  log({ peer: '192.0.2.2:6', reason: 'expired', name: 'Old' });
  vi.useRealTimers();
  expect(lines).toMatchObject([
    { peer: '192.0.2.1:5', reason: 'unknown' },
    { peer: '192.0.2.2:6', reason: 'expired', tokenName: 'Old', leftOut: 499 },
  ]);
});
