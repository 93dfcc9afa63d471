/** Takes the link away from a running desk. */
import type { RunningDesk } from './harness.ts';

/**
 * A service that is frozen answers nothing, like a dead network; the desk notices by its keepalive.
 * @returns brings the link back.
 */
export async function goOffline(desk: RunningDesk): Promise<() => void> {
  const service = await desk.ticketServicePid();
  process.kill(service, 'SIGSTOP');
  await desk.page.getByText(/^offline since/).waitFor({ timeout: 40_000 });
  return () => process.kill(service, 'SIGCONT');
}
