/** Where creates go, and what a switch does with those that wait, in words for the person. */
import type { DeskSettings, Profile } from '../../../proto/desktop-bridge.ts';
import { counted, countText } from '../../state/locale.ts';
import type { OutboxState } from '../../state/outbox-store.ts';

export const profiles: readonly { id: Profile; label: string; note: string }[] = [
  {
    id: 'this-computer',
    label: 'This computer',
    note: 'Built in: a database of its own in your data folder. Nothing to set up.',
  },
  {
    id: 'docker',
    label: 'Docker on this computer',
    note: "A team's stack on this machine: ticket service, queue, cache and database in containers.",
  },
  { id: 'team', label: 'Team server', note: 'A ticket service that your team shares, reached by network.' },
];

/** "this computer", "Docker on this computer", or the address of the team's ticket service. */
export function placeWords({ profile, team }: DeskSettings): string {
  if (profile === 'this-computer') return 'this computer';
  return profile === 'docker'
    ? 'Docker on this computer'
    : team.ticketServiceAddress.trim() || 'the team server';
}

/** What of the outbox a switch is about. */
export interface Switched {
  /** Creates that wait to be sent or confirmed. */
  waiting: number;
  /** How many of these have left already. */
  sent: number;
  /** Creates that failed. */
  failed: number;
  /** Comments and changes of tickets that have a number. */
  staying: number;
}

export function switchedOf({ entries, writes, waiting, failed }: OutboxState): Switched {
  const withoutWrites = (all: number, isFailed: boolean) =>
    all - writes.filter(({ state }) => (state === 'FAILED') === isFailed).length;
  return {
    waiting: withoutWrites(waiting, false),
    sent: entries.filter(({ state }) => state === 'SENT').length,
    failed: withoutWrites(failed, true),
    staying: writes.filter(({ ticketId }) => ticketId !== null).length,
  };
}

/** What becomes of what is in the outbox at a switch; null when there is nothing. */
export function switchWords(switched: Switched, from: string, to: string): string | null {
  const { waiting, sent, failed, staying } = switched;
  const sentences: string[] = [];
  if (waiting > 0) {
    sentences.push(`${counted(waiting, 'ticket waits; it goes', 'tickets wait; they go')} to ${to}.`);
  }
  if (sent > 0) {
    const which = sent === waiting ? (sent === 1 ? 'It' : 'They') : `${countText(sent)} of them`;
    sentences.push(`${which} left for ${from} already, without its answer, and may be kept there as well.`);
  }
  if (failed > 0) {
    sentences.push(
      `${countText(failed)} that could not be sent ${failed === 1 ? 'stays' : 'stay'} in the outbox.`,
    );
  }
  if (staying > 0) {
    const [one, many] = ['comment or change of a ticket waits', 'comments and changes of tickets wait'];
    sentences.push(`${counted(staying, one, many)} until the desk uses ${from} again.`);
  }
  return sentences.join(' ') || null;
}
