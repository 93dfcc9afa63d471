/** How the two ends of a link fit together: the one place that says when a service is older or newer than this desk. */
import type { Agent } from '../../domain/agent.ts';

/** What a service told of itself. */
export interface Told {
  /** Null from one that does not tell. */
  readonly version: string | null;
  /** What this desk would use and it has not. */
  readonly lacks: readonly string[];
  /** The queue topic whose creates it stores; empty: it takes none from a queue; null: it does not tell. */
  readonly queueTopic: string | null;
  /** Whose token this desk shows; undefined where the token is nobody's own. */
  readonly agent?: Agent | undefined;
}

/** `newer`: of a later major version, which works by what both know. */
export type Standing = 'fits' | 'older' | 'newer';

function majorOf(version: string): number {
  return Number.parseInt(version, 10);
}

/** @param own this desk's version */
export function standingOf(told: Told, own: string): Standing {
  if (told.lacks.length > 0) return 'older';
  return majorOf(told.version ?? '') > majorOf(own) ? 'newer' : 'fits';
}

/**
 * What the person should know of a service that is linked to; null: nothing.
 * @param desk.queueTopic where this desk files what the service shall store; undefined: straight at the service
 */
export function remarkOn(
  told: Told,
  desk: { version: string; queueTopic: string | undefined },
): string | null {
  const remarks = [aboutVersion(told, desk.version), aboutQueue(told, desk.queueTopic)];
  return remarks.filter((remark) => remark !== null).join(' ') || null;
}

/** Null when it fits. */
export function aboutVersion(told: Told, own: string): string | null {
  const standing = standingOf(told, own);
  if (standing === 'newer') {
    return `The ticket service is of a newer version (${told.version}) than this desk (${own}). What this desk can do goes on; update it when you can.`;
  }
  if (standing === 'fits') return null;
  const which = told.version === null ? '' : ` (${told.version}, which lacks ${told.lacks.join(', ')})`;
  return `The ticket service is of an older version${which}: it does not confirm what a queue brings it, lists and search are made here of all it has, and changes made elsewhere show some seconds later.`;
}

/** Null when it reads the queue that this desk files on, or this desk files on none. @param own this desk's topic */
export function aboutQueue({ queueTopic }: Told, own: string | undefined): string | null {
  // An older service may well read it, without telling.
  if (own === undefined || queueTopic === null || queueTopic === own) return null;
  const reads = queueTopic === '' ? 'reads no queue' : `reads "${queueTopic}"`;
  return `New tickets go to the queue "${own}", but the ticket service ${reads}: they wait. Its operator must set NSQD_TCP_ADDRESS and NSQ_TOPIC alike for both.`;
}
