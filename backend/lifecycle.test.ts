import { describe, expect, it } from 'vitest';
import { createLifecycle } from './lifecycle.ts';
import { createLogger } from './logger.ts';

const logger = createLogger({ name: 'test', level: 'silent' });

describe('a lifecycle', () => {
  it('stops its parts in reverse order, each before the next', async () => {
    const events: string[] = [];
    const lifecycle = createLifecycle(logger);
    for (const name of ['first', 'second']) {
      lifecycle.add(name, async () => {
        events.push(`${name} stops`);
        await Promise.resolve();
        events.push(`${name} stopped`);
      });
    }
    await lifecycle.stop();
    expect(events).toEqual(['second stops', 'second stopped', 'first stops', 'first stopped']);
  });

  it('stops once, whoever asks how often', async () => {
    let stops = 0;
    const lifecycle = createLifecycle(logger);
    lifecycle.add('part', () => {
      stops += 1;
    });
    expect(lifecycle.stop()).toBe(lifecycle.stop());
    await lifecycle.stop();
    expect(stops).toBe(1);
  });

  it('stops the rest when one part fails to stop', async () => {
    const stopped: string[] = [];
    const lifecycle = createLifecycle(logger);
    lifecycle.add('good', () => {
      stopped.push('good');
    });
    lifecycle.add('bad', () => Promise.reject(new Error('stuck')));
    await lifecycle.stop();
    expect(stopped).toEqual(['good']);
  });

  it('stops a part that is added while it stops', async () => {
    const stopped: string[] = [];
    const lifecycle = createLifecycle(logger);
    const stopping = lifecycle.stop();
    lifecycle.add('late', () => {
      stopped.push('late');
    });
    await stopping;
    await lifecycle.stop();
    expect(stopped).toEqual(['late']);
  });
});
