/** gRPC's own health check (grpc.health.v1): `TicketService` for the RPCs, and '' for the process as a whole. */
import type { Server } from '@grpc/grpc-js';
import { HealthImplementation } from 'grpc-health-check';

export interface HealthService {
  addTo(server: Server): void;
  /**
   * @param told.canAnswer whether RPCs can be answered: the database is there
   * @param told.isReady whether the rest is there too, the queue for one: without it tickets can be read and not come in
   */
  tell(told: { canAnswer: boolean } | { isReady: boolean }): void;
}

/** Both serve until they are told otherwise. */
export function createHealthService(): HealthService {
  const health = new HealthImplementation({ '': 'SERVING', TicketService: 'SERVING' });
  let state = { canAnswer: true, isReady: true };
  return {
    addTo: (server) => health.addToServer(server),
    tell(told) {
      state = { ...state, ...told };
      health.setStatus('TicketService', state.canAnswer ? 'SERVING' : 'NOT_SERVING');
      health.setStatus('', state.canAnswer && state.isReady ? 'SERVING' : 'NOT_SERVING');
    },
  };
}
