/** A proxy on a small service, for all tests of a file. */
import { afterAll, beforeAll } from 'vitest';
import { linkState } from './link-state.ts';
import { type ProxyOn, proxyOn } from './real-proxy.ts';
import { type SmallService, startSmallService } from './small-service.ts';

export let service: SmallService;
export let desk: ProxyOn;

beforeAll(async () => {
  service = await startSmallService({});
  desk = await proxyOn({ address: service.address });
  await linkState(desk.client, 'CONNECTED');
});
afterAll(async () => {
  await desk.stop();
  await service.stop();
});
