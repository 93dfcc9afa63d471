import type { Empty__Output } from '../../../proto/generated/Empty.ts';
import type { HealthCheckResponse } from '../../../proto/generated/HealthCheckResponse.ts';
import { isHealthy } from '../use-cases/health.ts';
import type { UnaryRpc } from './rpc.ts';

export const healthCheck: UnaryRpc<Empty__Output, HealthCheckResponse> = async (desk) => ({
  success: await isHealthy(desk),
});
