/**
 * One stream for all tabs of a browser, which has six connections a host: the tab that holds the lock
 * reads it from the server and tells the others.
 */
import { Observable, type Subscription } from 'rxjs';
import type { LiveEvent, LiveSource } from './live-feed.ts';

const name = 'ticket-desk-live';

/** `hello` asks the leader for the link's state; `lost` says that the leader's stream has failed. */
type Message = { kind: 'hello' } | { kind: 'lost' } | { kind: 'event'; event: LiveEvent };

export interface TabSharePorts {
  locks: Pick<LockManager, 'request'>;
  channel(): Pick<BroadcastChannel, 'postMessage' | 'close' | 'onmessage'>;
}

/** This browser's ports; null where it has no locks (an insecure origin), so that each tab has its own stream. */
export function browserTabPorts(): TabSharePorts | null {
  if (!navigator.locks) return null;
  return { locks: navigator.locks, channel: () => new BroadcastChannel(name) };
}

/** The events, wherever they come from. Fails in every tab when the leader's stream fails. */
export function sharedByTabs(fromServer: LiveSource, { locks, channel }: TabSharePorts): LiveSource {
  return () =>
    new Observable<LiveEvent>((subscriber) => {
      const others = channel();
      const left = new AbortController();
      let leading: Subscription | undefined;
      let lastLink: LiveEvent | undefined;
      const tell = (message: Message) => others.postMessage(message);

      others.onmessage = ({ data }: MessageEvent<Message>) => {
        if (leading) {
          if (data.kind === 'hello' && lastLink) tell({ kind: 'event', event: lastLink });
        } else if (data.kind === 'event') subscriber.next(data.event);
        else if (data.kind === 'lost')
          subscriber.error(new Error('The tab that reads the changes lost them.'));
      };
      const give = (event: LiveEvent) => {
        tell({ kind: 'event', event });
        subscriber.next(event);
      };
      const lost = (error: unknown) => {
        tell({ kind: 'lost' });
        subscriber.error(error);
      };
      const lead = (tookOver: boolean) => {
        leading = fromServer().subscribe({
          next(event) {
            // Between the leader before and the first word of this one, changes went unheard.
            const gap = tookOver && event.kind === 'link' && !lastLink;
            if (event.kind === 'link') lastLink = event;
            give(event);
            if (gap) give({ kind: 'gap' });
          },
          error: lost,
          complete: () => lost(new Error('The stream has ended.')),
        });
        return new Promise<void>((leave) => left.signal.addEventListener('abort', () => leave()));
      };
      void (async () => {
        const isFirst = await locks.request(name, { ifAvailable: true }, async (lock) => {
          if (!lock || left.signal.aborted) return false;
          await lead(false);
          return true;
        });
        if (isFirst || left.signal.aborted) return;
        tell({ kind: 'hello' });
        await locks.request(name, { signal: left.signal }, () => lead(true));
      })().catch(() => {
        // Left while waiting for the lock; or the browser refuses locks as it does storage, and each tab has its own stream.
        if (!left.signal.aborted) void lead(false);
      });
      return () => {
        left.abort();
        leading?.unsubscribe();
        others.close();
      };
    });
}
