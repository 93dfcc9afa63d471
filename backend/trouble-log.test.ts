import { expect, it } from 'vitest';
import { createLogger } from './logger.ts';
import { createTroubleLog } from './trouble-log.ts';

it('tells each problem once until it works again, and that it works once', () => {
  const lines: string[] = [];
  const destination = { write: (line: string) => void lines.push(JSON.parse(line).msg) };
  const logger = createLogger({ name: 'test', level: 'info', destination });
  const trouble = createTroubleLog({ logger, fails: 'fails', works: 'works' });
  const steps = ['works', 'works', 'full', 'silent', 'full', 'silent', 'works', 'works', 'full'];
  for (const step of steps) {
    if (step === 'works') trouble.works();
    else trouble.fails(step);
  }
  expect(lines).toEqual(['works', 'fails', 'fails', 'works', 'fails']);
});
