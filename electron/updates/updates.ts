/**
 * Updates as the person sees them: looked for once a day and at will, fetched in the background, installed when the
 * desk is closed. Never a restart that nobody asked for.
 */
import type { Logger } from '../../backend/logger.ts';
import type { UpdatePolicy, UpdateStatus } from '../../proto/desktop-bridge.ts';
import type { Offer, UpdateEngine } from './engine.ts';
import type { FeedAnswer } from './feed.ts';
import { type Installation, isDue } from './policy.ts';
import { failureWords, isConnectionFailure, packageOf, readyWords } from './update-messages.ts';

export interface UpdatesOptions {
  appVersion: string;
  feed: FeedAnswer;
  installation: Installation;
  policy(): UpdatePolicy;
  /** When it was looked last, as kept over starts. */
  lastLook(): string | undefined;
  keepLook(at: string): Promise<void>;
  /** Loads the engine: only when it is needed, as that takes time. */
  loadEngine(): Promise<UpdateEngine>;
  onStatus(status: UpdateStatus): void;
  logger: Logger;
}

export interface Updates {
  status(): UpdateStatus;
  /** Looks now, and fetches what is newer. Answers how it stands once looked; the fetching goes on. Never rejects. */
  look(): Promise<UpdateStatus>;
  /** Looks when it is time to, now and from now on. */
  followSchedule(): void;
  /** The policy has changed. */
  policyChanged(): UpdateStatus;
  /** Whether there is something to install. */
  isReady(): boolean;
  /** Installs what is ready; answers whether it is in place. To be called when nothing else runs any more. */
  install(): boolean;
  close(): void;
}

/** The start is not to be slowed (ms). */
const firstLookMs = 30_000;
/** Every so often it is asked whether a day has passed (ms): a computer that slept has missed its timers. */
const askAgainMs = 60 * 60 * 1_000;
/** When what may pass is tried again, begun anew (ms). */
const retryDelaysMs = [15_000, 60_000, 300_000];

export function openUpdates(options: UpdatesOptions): Updates {
  const { appVersion, feed, installation, logger } = options;
  const timers = new Set<NodeJS.Timeout>();
  let engine: Promise<UpdateEngine> | undefined;
  let fetched: { engine: UpdateEngine; version: string } | undefined;
  let underWay: Promise<UpdateStatus> | undefined;
  let isClosed = false;
  let status = resting();

  function resting(): UpdateStatus {
    const base = { version: null, percent: null, page: null, lookedAt: options.lastLook() ?? null };
    if ('problem' in feed) return { ...base, phase: 'not-configured', text: feed.problem };
    if (options.policy() === 'off') return { ...base, phase: 'off', text: 'Updates are off.' };
    return { ...base, phase: 'idle', text: null };
  }

  function show(changes: Partial<UpdateStatus>): UpdateStatus {
    status = { ...status, ...changes, lookedAt: options.lastLook() ?? null };
    if (!isClosed) options.onStatus(status);
    return status;
  }

  const ready = (version: string): Partial<UpdateStatus> => ({
    phase: 'ready',
    version,
    percent: null,
    text: readyWords(installation, version),
  });

  function after(delayMs: number, act: () => void): void {
    const timer = setTimeout(() => {
      timers.delete(timer);
      act();
    }, delayMs);
    timers.add(timer.unref());
  }

  const isOn = () => !isClosed && 'feed' in feed && options.policy() === 'on';

  async function lookOnce(tries: number): Promise<UpdateStatus> {
    show({ phase: 'looking', text: null, percent: null });
    try {
      engine ??= options.loadEngine();
      const loaded = await engine;
      const offer = await loaded.look();
      await options.keepLook(new Date().toISOString()).catch(() => undefined);
      return isOn() ? take(loaded, offer, tries) : show(resting());
    } catch (thrown) {
      return failed(thrown, null, tries);
    }
  }

  function take(loaded: UpdateEngine, offer: Offer, tries: number): UpdateStatus {
    const { version } = offer;
    if (!offer.isNewer) {
      const text =
        version === appVersion
          ? `Version ${appVersion} is the newest.`
          : `This version, ${appVersion}, is kept: the one that is offered, ${version}, is older.`;
      return show({ phase: 'newest', text, version: null });
    }
    if (installation.kind === 'by-hand') {
      const page = packageOf(offer, installation.packageType) ?? ('feed' in feed ? feed.feed.url : null);
      return show({ phase: 'by-hand', version, page, text: readyWords(installation, version) });
    }
    if (!offer.isOfOwnKind) {
      const text = `Version ${version} is there, but was published without a package of this kind. This version stays; it is looked again tomorrow.`;
      return show({ phase: 'failed', version, text });
    }
    void fetch(loaded, version, tries);
    return status;
  }

  async function fetch(loaded: UpdateEngine, version: string, tries: number): Promise<void> {
    show({ phase: 'fetching', version, percent: 0, text: null });
    try {
      await loaded.fetch((percent) => status.phase === 'fetching' && show({ percent: Math.floor(percent) }));
      fetched = { engine: loaded, version };
      if (isOn()) show(ready(version));
    } catch (thrown) {
      failed(thrown, version, tries);
    }
  }

  /** What may pass is begun again after a while; what is wrong with the feed waits for the next day. */
  function failed(thrown: unknown, version: string | null, tries: number): UpdateStatus {
    logger.warn({ err: thrown }, 'the update failed');
    const delayMs = isConnectionFailure(thrown) ? retryDelaysMs[tries] : undefined;
    if (delayMs !== undefined) after(delayMs, () => isOn() && void begin(tries + 1));
    return show({
      phase: 'failed',
      version,
      percent: null,
      text: failureWords(thrown, { version, isTriedAgain: delayMs !== undefined }),
    });
  }

  function begin(tries: number): Promise<UpdateStatus> {
    // One at a time; and what is ready needs no second look before it is installed.
    if (!isOn() || status.phase === 'fetching' || status.phase === 'ready') return Promise.resolve(status);
    underWay ??= lookOnce(tries).finally(() => {
      underWay = undefined;
    });
    return underWay;
  }

  function lookIfDue(): void {
    if (isDue(options.lastLook(), Date.now())) void begin(0);
    after(askAgainMs, lookIfDue);
  }

  return {
    status: () => status,
    look: () => begin(0),
    followSchedule: () => after(firstLookMs, lookIfDue),
    policyChanged: () => show(isOn() && fetched ? ready(fetched.version) : resting()),
    isReady: () => fetched !== undefined && options.policy() === 'on',
    install: () => fetched?.engine.install() ?? false,
    close() {
      isClosed = true;
      for (const timer of timers) clearTimeout(timer);
    },
  };
}
