/** Takes the link away from a running desk. */
import { expect, vi } from 'vitest';
import { ticketServicePid } from './desk-processes.ts';
import type { RunningDesk } from './harness.ts';

const untilOffline = (desk: RunningDesk) =>
  desk.page.getByText(/^offline since/).waitFor({ timeout: 40_000 });

/**
 * A service that is frozen answers nothing, like a dead network; the desk notices by its keepalive, after some ten
 * seconds.
 * @returns brings the link back.
 */
export async function goOffline(desk: RunningDesk): Promise<() => void> {
  const service = await desk.ticketServicePid();
  process.kill(service, 'SIGSTOP');
  await untilOffline(desk);
  return () => process.kill(service, 'SIGCONT');
}

export interface HeldService {
  /** Lets it start, and so brings the link back. */
  release(): void;
  /** Ends it for good, which a quit would otherwise wait for. */
  end(): void;
}

/** Offline at once: the ticket service is killed, and the one that is started in its place is frozen before it serves. */
export async function holdTicketService(desk: RunningDesk): Promise<HeldService> {
  const killed = await desk.ticketServicePid();
  process.kill(killed, 'SIGKILL');
  const next = await vi.waitFor(
    async () => {
      const pid = await ticketServicePid(desk.userData);
      expect([undefined, killed]).not.toContain(pid);
      return pid as number;
    },
    { timeout: 20_000, interval: 5 },
  );
  process.kill(next, 'SIGSTOP');
  await untilOffline(desk);
  return { release: () => process.kill(next, 'SIGCONT'), end: () => process.kill(next, 'SIGKILL') };
}
