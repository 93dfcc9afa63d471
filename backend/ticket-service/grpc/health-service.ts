/** gRPC's own health check (grpc.health.v1): `TicketService` for the RPCs, and '' for the process as a whole. */
import type { Server } from '@grpc/grpc-js';
import { HealthImplementation } from 'grpc-health-check';

const rpcs = 'TicketService';

export interface HealthService {
  addTo(server: Server): void;
  /** Whether RPCs can be answered: the database is there. */
  answers(can: boolean): void;
  /** Whether the rest is there too, the queue for one: without it tickets can be read and not come in. */
  ready(is: boolean): void;
}

/** Both serve until they are told otherwise. */
export function createHealthService(): HealthService {
  const health = new HealthImplementation({ '': 'SERVING', [rpcs]: 'SERVING' });
  let canAnswer = true;
  let isReady = true;
  function tell(): void {
    health.setStatus(rpcs, canAnswer ? 'SERVING' : 'NOT_SERVING');
    health.setStatus('', canAnswer && isReady ? 'SERVING' : 'NOT_SERVING');
  }
  return {
    addTo: (server) => health.addToServer(server),
    answers(can) {
      canAnswer = can;
      tell();
    },
    ready(is) {
      isReady = is;
      tell();
    },
  };
}
