/** The lines that `docker compose --progress plain up` prints, as far as they tell of what has no container yet. */
import type { DockerServiceState } from '../../proto/desktop-bridge.ts';
import type { ServicePlan } from './containers.ts';

/** What is known of each service that has no container yet. */
export type SeenStates = Map<string, DockerServiceState>;

/** Notes in `seen` what the line tells. */
export function readProgress(line: string, plan: readonly ServicePlan[], seen: SeenStates): void {
  const pull = /^\s*(\S+) (Pulling|Pulled)\s*$/.exec(line);
  const service = plan.find(({ name }) => name === pull?.[1])?.name;
  if (service) {
    if (pull?.[2] === 'Pulling') seen.set(service, 'pulling');
    else seen.delete(service);
    return;
  }
  // BuildKit: "#12 [proxy build 3/9] RUN …"; the classic builder: "Step 3/9 : RUN …", which names no service.
  if (/^#\d+ \[|^Step \d+\/\d+ :|^Sending build context/.test(line)) {
    for (const { name, isBuilt } of plan) if (isBuilt) seen.set(name, 'building');
  }
  if (/^\s*(Container|Network|Volume) /.test(line)) {
    for (const [name, state] of seen) if (state === 'building') seen.delete(name);
  }
}
