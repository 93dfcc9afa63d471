/** Making and restoring backups of this computer's tickets; how it came out is told wherever the person is by then. */
import type { DesktopBridge } from '../../proto/desktop-bridge.ts';
import { runCommand } from './commands.ts';
import { counted } from './locale.ts';
import { exactTime } from './relative-time.ts';
import { showToast } from './toasts.ts';

export async function makeBackup(bridge: DesktopBridge): Promise<void> {
  const answer = await bridge.makeBackup();
  if (answer.ok) showToast({ text: `Backed up ${counted(answer.value.tickets, 'ticket')}.` });
  else tellFailure('The backup was not made.');
}

/** The person chooses which one, or none. */
export async function restoreBackup(bridge: DesktopBridge): Promise<void> {
  const answer = await bridge.restoreBackup();
  if (!answer.ok) return tellFailure('The restore failed.');
  if (!answer.value) return;
  const text = `Restored ${counted(answer.value.tickets, 'ticket')}, as of ${exactTime(answer.value.madeAt)}.`;
  showToast({ text });
}

/**
 * Tells of nightly ones that fail, for which nobody waits: once for each reason, however often it is tried, until one is
 * made. @returns unsubscribe
 */
export function watchNightly(bridge: DesktopBridge): () => void {
  let told: string | null = null;
  return bridge.onBackupsChanged(async () => {
    const answer = await bridge.backupStatus();
    const problem = answer.ok ? answer.value?.problem : null;
    if (!problem) told = null;
    if (!problem?.isNightly || problem.text === told) return;
    told = problem.text;
    tellFailure("Today's backup could not be made. It is tried again later.");
  });
}

/** The settings say why, and go on saying it. */
function tellFailure(text: string): void {
  showToast({ text, tone: 'danger', action: { label: 'Why', run: () => runCommand('settings') } });
}
