import { expect, it } from 'vitest';
import { cacheContract } from '../ports/cache.contract.ts';
import { memoryCache } from './cache-memory.ts';

cacheContract('The memory cache', async () => memoryCache({ maxEntries: 1_000 }));

it('forgets what was used longest ago once it is full', async () => {
  const cache = memoryCache({ maxEntries: 2 });
  for (const key of ['a', 'b']) await cache.putIfNewer(key, { value: key, version: 1, ttlMs: 60_000 });
  await cache.get('a');
  await cache.putIfNewer('c', { value: 'c', version: 1, ttlMs: 60_000 });
  expect(await Promise.all(['a', 'b', 'c'].map((key) => cache.get(key)))).toEqual(['a', undefined, 'c']);
});

it('keeps nothing that alone would fill it', async () => {
  const cache = memoryCache({ maxEntries: 10 });
  await cache.putIfNewer('a', { value: 'a', version: 1, ttlMs: 60_000 });
  await cache.putIfNewer('huge', { value: 'x'.repeat(33 * 1024 * 1024), version: 1, ttlMs: 60_000 });
  expect(await cache.get('huge')).toBeUndefined();
  expect(await cache.get('a')).toBe('a');
});
