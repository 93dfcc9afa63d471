import { expect, test } from 'vitest';
import { uncertainRestore } from '../backup-task.ts';
import { isUncertain } from '../errors.ts';
import { backupLine } from './backup-line.ts';
import { backupNewsMessage, type ServiceProcess } from './service-process.ts';

/** A process of which the test decides what it says, and when it ends. */
function child() {
  let tell: (message: unknown) => void = () => {};
  let end: (how: string) => void = () => {};
  const exited = new Promise<string>((resolve) => {
    end = resolve;
  });
  const posted: unknown[] = [];
  const child: ServiceProcess = {
    pid: 1,
    onExit() {},
    onMessage(listener) {
      tell = listener;
    },
    post: (message) => void posted.push(message),
    kill() {},
  };
  return { run: backupLine(child, exited), posted, tell: (message: unknown) => tell(message), end };
}

const task = { kind: 'make', file: '/backups/a.deskbackup' } as const;

test('the task goes to the process, and its news come back', async () => {
  const { run, posted, tell } = child();
  const percents: number[] = [];
  const done = run(task, (percent) => percents.push(percent));
  expect(posted).toEqual([{ type: 'backup-task', task }]);
  tell({ type: 'ready' });
  tell(backupNewsMessage({ percent: 40 }));
  tell(backupNewsMessage({ summary: { tickets: 2, madeAt: '2026-11-28T02:00:00.000Z' } }));
  expect(await done).toMatchObject({ tickets: 2 });
  expect(percents).toEqual([40]);
});

test('a refusal keeps its code and words', async () => {
  const { run, tell } = child();
  const done = run(task, () => {});
  tell(backupNewsMessage({ error: { code: 'CONFLICT', message: 'This desk has tickets.' } }));
  await expect(done).rejects.toMatchObject({ code: 'CONFLICT', message: 'This desk has tickets.' });
});

test('a process that ends meanwhile, or has ended, leaves nobody waiting', async () => {
  const { run, end } = child();
  const done = run(task, () => {});
  end('killed');
  await expect(done).rejects.toMatchObject({
    code: 'UNAVAILABLE',
    message: expect.stringMatching(/ended before/),
    details: undefined,
  });
  await expect(run(task, () => {})).rejects.toMatchObject({
    code: 'UNAVAILABLE',
    message: expect.stringMatching(/does not run/),
  });
});

test('a restore is uncertain where the process ended meanwhile, and where the process says so', async () => {
  const first = child();
  const restored = first.run({ ...task, kind: 'restore' }, () => {});
  first.end('killed');
  expect(await restored.catch(isUncertain)).toBe(true);
  const second = child();
  const told = second.run({ ...task, kind: 'restore' }, () => {});
  const { code, message, details } = uncertainRestore('The database was lost');
  second.tell(backupNewsMessage({ error: { code, message, details } }));
  expect(await told.catch(isUncertain)).toBe(true);
});
