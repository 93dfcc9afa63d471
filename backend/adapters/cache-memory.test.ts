import { expect, it } from 'vitest';
import { cacheContract } from '../ports/cache.contract.ts';
import { generationKey } from '../ports/cache.ts';
import { memoryCache } from './cache-memory.ts';

cacheContract('The memory cache', async () => memoryCache({ maxEntries: 1_000 }));

async function openWith(maxEntries: number) {
  const cache = memoryCache({ maxEntries });
  const { generation = '' } = await cache.get(generationKey);
  return {
    put: (key: string, value: string) => cache.put(key, { value, ttlMs: 60_000, generation }),
    get: async (key: string) => (await cache.get(key)).value,
  };
}

it('forgets what was used longest ago once it is full', async () => {
  const cache = await openWith(2);
  for (const key of ['a', 'b']) await cache.put(key, key);
  await cache.get('a');
  await cache.put('c', 'c');
  expect(await Promise.all(['a', 'b', 'c'].map(cache.get))).toEqual(['a', undefined, 'c']);
});

it('keeps nothing that alone would fill it', async () => {
  const cache = await openWith(10);
  await cache.put('a', 'a');
  await cache.put('huge', 'x'.repeat(33 * 1024 * 1024));
  expect(await cache.get('huge')).toBeUndefined();
  expect(await cache.get('a')).toBe('a');
});
