/** Scrolling through a list from its beginning to its end, frame by frame, beside a list of plain divs in an empty window. */
import { rm } from 'node:fs/promises';
import path from 'node:path';
import type { Page } from 'playwright-core';
import { inWindow, makeEmptyApp, type StartTarget, shows } from './app-start.ts';
import { quantile, type Subject } from './rounds.ts';

export interface ScrollFigures extends Record<string, number> {
  /** From one frame to the next. */
  p50Ms: number;
  p95Ms: number;
  /** What the page's own objects take at the end. */
  heapMib: number;
  /** How many times what they took where the thousandth row was. */
  heapGrowth: number;
}

export type ScrollTarget = Omit<StartTarget, 'packedPath'> & {
  /** How many the list has. */
  rows: number;
};

const rowPx = 36;
/** A hand on the wheel is slower. */
const rowsPerFrame = 25;

/** Every ticket is in the list. Their last one is the first of these. */
export function seedList(rows: number, newestTitle: string): string {
  return `insert into tickets (title, description, status, name, version, created_at, updated_at)
    select case n when ${rows} then '${newestTitle}' else 'Seeded ticket ' || n end, 'What happened', 'New',
           'Requester ' || n % 97, 1, at, at
    from generate_series(1, ${rows}) n,
         lateral (select now() - (${rows} - n) * interval '1 minute' as at) filed
    order by n`;
}

export async function scrollSubjects(
  target: ScrollTarget,
): Promise<{ subjects: Subject<ScrollFigures>[]; close(): Promise<void> }> {
  const { executablePath, appDir, userData, env, newestTitle, rows } = target;
  const emptyDir = await makeEmptyApp();
  const subject = (name: string, command: string[], open: (page: Page) => Promise<string>) => ({
    name,
    measure: async () => {
      // What was heard or seen before would be shown first, and what is newer would wait above it.
      await rm(path.join(userData, 'desk', 'kept'), { recursive: true, force: true });
      return inWindow({ command: [executablePath, ...command], env }, async (page) => {
        const list = await open(page);
        const first = await scrollTo(page, list, 1_000);
        const heapBefore = await heapMib(page);
        const frames = [...first, ...(await scrollTo(page, list, rows))];
        const heapAfter = await heapMib(page);
        return {
          p50Ms: quantile(frames, 0.5),
          p95Ms: quantile(frames, 0.95),
          heapMib: heapAfter,
          heapGrowth: heapAfter / heapBefore,
        };
      });
    },
  });
  return {
    subjects: [
      subject('desk', [appDir, `--user-data-dir=${userData}`], async (page) => {
        await shows(page, newestTitle);
        // The list that was there last stands there before the page's own.
        await page.waitForSelector('[data-ticket-list]');
        return '[data-ticket-list]';
      }),
      subject(
        'plain divs',
        [emptyDir, `--user-data-dir=${path.join(emptyDir, 'user-data')}`],
        async (page) => {
          await shows(page, 'empty');
          await page.evaluate(plainList, { rows, rowPx });
          return '#list';
        },
      ),
    ],
    close: () => rm(emptyDir, { recursive: true, force: true }),
  };
}

/** As many lines as the desk's list has, with nothing that makes them fewer. */
function plainList({ rows, rowPx }: { rows: number; rowPx: number }): void {
  const list = document.createElement('div');
  list.id = 'list';
  list.style.cssText = 'position: fixed; inset: 0; overflow-y: auto';
  for (let row = rows; row > 0; row -= 1) {
    const line = list.appendChild(document.createElement('div'));
    line.style.height = `${rowPx}px`;
    line.textContent = `${row} Seeded ticket ${row} Requester ${row % 97}`;
  }
  document.body.replaceChildren(list);
}

/** Answers the milliseconds between frames. @throws Error when the list goes no further before that row. */
async function scrollTo(page: Page, list: string, row: number): Promise<number[]> {
  const { frames, reached } = await page.evaluate(
    async ({ list, end, step, patienceMs }) => {
      const element = document.querySelector(list) as HTMLElement;
      const frames: number[] = [];
      let last = performance.now();
      let movedAt = last;
      while (element.scrollTop + element.clientHeight < end && last - movedAt < patienceMs) {
        const now = await new Promise<number>((resolve) => requestAnimationFrame(resolve));
        frames.push(now - last);
        last = now;
        const from = element.scrollTop;
        element.scrollTop = from + step;
        if (element.scrollTop > from) movedAt = now;
      }
      return { frames, reached: element.scrollTop + element.clientHeight };
    },
    { list, end: (row - 1) * rowPx, step: rowsPerFrame * rowPx, patienceMs: 10_000 },
  );
  if (reached < (row - 1) * rowPx) throw new Error(`The list went no further than row ${reached / rowPx}.`);
  return frames;
}

async function heapMib(page: Page): Promise<number> {
  const session = await page.context().newCDPSession(page);
  await session.send('HeapProfiler.collectGarbage');
  const { usedSize } = await session.send('Runtime.getHeapUsage');
  return usedSize / 2 ** 20;
}
