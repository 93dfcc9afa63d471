/** Tells every watcher of every change, each in order, with none left out and a RESET where some were missed. */
import { type Presence, presenceHoldsMs } from '../../domain/agent.ts';
import type { Logger } from '../../logger.ts';
import type { ChangeLog, FeedPosition, PresenceChannel } from '../store/ticket-store.ts';
import { dropChanged } from '../use-cases/ticket-cache.ts';
import type { TrustedCache } from '../use-cases/trusted-cache.ts';
import { startChangeReader } from './change-reader.ts';
import { decodeToken, encodeToken, type FeedEvent, isAfter, toEvent } from './feed-event.ts';

const heartbeatMs = 5_000;
/** Who missed more than this reads everything anew. */
const maxMissed = 1_000;

export interface ChangeFeed {
  /**
   * Tells of every change after the token's, or from now on when it is empty; a HEARTBEAT comes at once.
   * @throws DeskError BAD_USER_INPUT resumeToken
   */
  watch(resumeToken: string, watcher: Watcher): Watch;
  token(position: FeedPosition): string;
  /** Ends every watch. */
  stop(): Promise<void>;
}

export interface Watcher {
  tell(event: FeedEvent): void;
  /** The feed stops, or (with an error) what was missed could not be read. */
  end(error?: unknown): void;
}

export interface Watch {
  stop(): void;
}

interface Place {
  position: FeedPosition;
  /** New events, kept until the missed ones have been told; undefined once it has caught up. */
  later: FeedEvent[] | undefined;
  watcher: Watcher;
}

export async function startChangeFeed(options: {
  changes: ChangeLog;
  presence: Pick<PresenceChannel, 'onTold'>;
  cache: Pick<TrustedCache, 'drop' | 'distrust'>;
  logger: Logger;
  onHealth: (healthy: boolean) => void;
}): Promise<ChangeFeed> {
  const { changes, cache } = options;
  const places = new Set<Place>();
  const tellAll = (event: FeedEvent) => {
    for (const place of places) offer(place, event);
  };
  const reader = await startChangeReader({
    changes,
    logger: options.logger,
    onHealth: options.onHealth,
    async onChanges(batch) {
      // Before anybody is told: who then reads anew must not meet what the writer had no time to drop.
      await dropChanged(cache, batch);
      for (const change of batch) {
        const event = toEvent(change);
        if (event) tellAll(event);
      }
    },
    onLost(position) {
      cache.distrust();
      tellAll({ kind: 'RESET', position });
    },
  });
  const present = new Map<string, { presence: Presence; atMs: number }>();
  const stopPresence = options.presence.onTold((presence) => {
    present.delete(presence.place);
    if (presence.ticketId !== null) present.set(presence.place, { presence, atMs: performance.now() });
    for (const { position, watcher } of places) watcher.tell({ kind: 'PRESENCE', position, presence });
  });
  const heartbeat = setInterval(() => {
    for (const { position, watcher } of places) watcher.tell({ kind: 'HEARTBEAT', position });
  }, heartbeatMs);

  return {
    watch(resumeToken, watcher) {
      const resume = resumeToken === '' ? undefined : decodeToken(resumeToken);
      const known = resume?.feedId === changes.feedId() ? resume.position : undefined;
      const start = reader.position();
      const place: Place = { position: known ?? start, later: known && [], watcher };
      places.add(place);
      const stop = () => places.delete(place);
      watcher.tell({ kind: 'HEARTBEAT', position: place.position });
      for (const { presence, atMs } of present.values()) {
        if (performance.now() - atMs < presenceHoldsMs)
          watcher.tell({ kind: 'PRESENCE', position: place.position, presence });
      }
      if (known) {
        readMissed(changes, known).then(
          (missed) => catchUp(place, missed ?? [{ kind: 'RESET', position: start }]),
          (thrown) => {
            if (stop()) watcher.end(thrown);
          },
        );
      } else if (resume) {
        offer(place, { kind: 'RESET', position: start });
      }
      return { stop };
    },
    token: (position) => encodeToken(changes.feedId(), position),
    async stop() {
      clearInterval(heartbeat);
      stopPresence();
      for (const { watcher } of places) watcher.end();
      places.clear();
      await reader.stop();
    },
  };
}

function offer(place: Place, event: FeedEvent): void {
  if (place.later) {
    if (place.later.length < maxMissed) place.later.push(event);
    else place.later = [{ kind: 'RESET', position: event.position }];
  } else if (event.kind === 'RESET' || isAfter(event.position, place.position)) {
    place.position = event.position;
    place.watcher.tell(event);
  }
}

/** Tells what was missed, and then what happened meanwhile. */
function catchUp(place: Place, missed: readonly FeedEvent[]): void {
  const later = place.later ?? [];
  place.later = undefined;
  for (const event of [...missed, ...later]) offer(place, event);
}

/** Undefined when it is too much, or not kept any more. */
async function readMissed(changes: ChangeLog, after: FeedPosition): Promise<FeedEvent[] | undefined> {
  const read = await changes.read(after, maxMissed);
  if (read.lost || read.changes.length === maxMissed) return undefined;
  return read.changes.flatMap((change) => toEvent(change) ?? []);
}
