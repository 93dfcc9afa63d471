/** What waits in the outbox, in words for tray, badge and notification. */

export interface Unsent {
  /** Creates that are not known to be stored. */
  waiting: number;
  /** Creates that can't be sent as they are. */
  failed: number;
}

/** "3 tickets wait to be sent, 1 needs you"; null when there is nothing. */
export function unsentWords({ waiting, failed }: Unsent): string | null {
  const parts = [
    waiting > 0 && (waiting === 1 ? '1 ticket waits to be sent' : `${waiting} tickets wait to be sent`),
    failed > 0 && (failed === 1 ? '1 could not be sent' : `${failed} could not be sent`),
  ].filter(Boolean);
  return parts.join(', ') || null;
}

/** What the person should know who quits; null when nothing waits. */
export function unsentNotification({ waiting }: Unsent): { title: string; body: string } | null {
  if (waiting === 0) return null;
  return waiting === 1
    ? {
        title: '1 ticket waits to be sent',
        body: 'It is safe on this computer and goes out when Ticket Desk is started again.',
      }
    : {
        title: `${waiting} tickets wait to be sent`,
        body: 'They are safe on this computer and go out when Ticket Desk is started again.',
      };
}
