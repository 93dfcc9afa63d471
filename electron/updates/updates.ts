/**
 * Updates as the person sees them: looked for once a day and at will, fetched in the background, installed when the
 * desk is closed. Never a restart that nobody asked for.
 */
import type { Logger } from '../../backend/logger.ts';
import type { UpdatePolicy, UpdateStatus } from '../../proto/desktop-bridge.ts';
import type { UpdateEngine } from './engine.ts';
import type { FeedAnswer } from './feed.ts';
import { type Installation, isDue } from './policy.ts';
import { failureWords, isConnectionFailure, readyStatus, statusWithoutFetching } from './update-messages.ts';

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

/** The start is not to be slowed (ms). */
const firstLookMs = 30_000;
/** Every so often it is asked whether a day has passed (ms): a computer that slept has missed its timers. */
const askAgainMs = 60 * 60 * 1_000;
/** When what may pass is tried again, begun anew (ms). */
const retryDelaysMs = [15_000, 60_000, 300_000];

export class Updates {
  /** Of the feed's address. */
  readonly host: string | undefined;
  readonly #options: UpdatesOptions;
  readonly #timers = new Set<NodeJS.Timeout>();
  #engine: Promise<UpdateEngine> | undefined;
  #fetched: { engine: UpdateEngine; version: string } | undefined;
  #underWay: Promise<UpdateStatus> | undefined;
  #isClosed = false;
  #status: UpdateStatus;

  constructor(options: UpdatesOptions) {
    const { feed } = options;
    this.#options = options;
    this.host = 'feed' in feed ? new URL(feed.feed.url).host : undefined;
    this.#status = this.#resting();
  }

  status(): UpdateStatus {
    return this.#status;
  }

  /** Looks now, and fetches what is newer. Answers how it stands once looked; the fetching goes on. Never rejects. */
  look(): Promise<UpdateStatus> {
    return this.#begin(0);
  }

  /** Looks when it is time to, now and from now on. */
  followSchedule(): void {
    this.#after(firstLookMs, () => this.#lookIfDue());
  }

  /** The policy has changed. */
  policyChanged(): UpdateStatus {
    const { installation } = this.#options;
    if (!this.#isOn() || !this.#fetched) return this.#show(this.#resting());
    return this.#show(readyStatus(installation, this.#fetched.version));
  }

  /** Whether there is something to install. */
  isReady(): boolean {
    return this.#fetched !== undefined && this.#options.policy() === 'on';
  }

  /** Installs what is ready; answers whether it is in place. To be called when nothing else runs any more. */
  install(): boolean {
    return this.#fetched?.engine.install() ?? false;
  }

  close(): void {
    this.#isClosed = true;
    for (const timer of this.#timers) clearTimeout(timer);
  }

  #isOn(): boolean {
    const { feed, policy } = this.#options;
    return !this.#isClosed && 'feed' in feed && policy() === 'on';
  }

  #resting(): UpdateStatus {
    const { feed, policy, lastLook } = this.#options;
    const base = { version: null, percent: null, page: null, lookedAt: lastLook() ?? null };
    if ('problem' in feed) return { ...base, phase: 'not-configured', text: feed.problem };
    if (policy() === 'off') return { ...base, phase: 'off', text: 'Updates are off.' };
    return { ...base, phase: 'idle', text: null };
  }

  #show(changes: Partial<UpdateStatus>): UpdateStatus {
    this.#status = { ...this.#status, ...changes, lookedAt: this.#options.lastLook() ?? null };
    if (!this.#isClosed) this.#options.onStatus(this.#status);
    return this.#status;
  }

  #after(delayMs: number, act: () => void): void {
    const timer = setTimeout(() => {
      this.#timers.delete(timer);
      act();
    }, delayMs);
    this.#timers.add(timer.unref());
  }

  #lookIfDue(): void {
    if (isDue(this.#options.lastLook(), Date.now())) void this.#begin(0);
    this.#after(askAgainMs, () => this.#lookIfDue());
  }

  /** @param tries how often it has failed before */
  #begin(tries: number): Promise<UpdateStatus> {
    const { phase } = this.#status;
    // One at a time; and what is ready needs no second look before it is installed.
    if (!this.#isOn() || phase === 'fetching' || phase === 'ready') return Promise.resolve(this.#status);
    this.#underWay ??= this.#lookOnce(tries).finally(() => {
      this.#underWay = undefined;
    });
    return this.#underWay;
  }

  async #lookOnce(tries: number): Promise<UpdateStatus> {
    const { loadEngine, keepLook } = this.#options;
    this.#show({ phase: 'looking', text: null, percent: null });
    try {
      this.#engine ??= loadEngine();
      const engine = await this.#engine;
      const offer = await engine.look();
      await keepLook(new Date().toISOString()).catch(() => undefined);
      if (!this.#isOn()) return this.#show(this.#resting());
      const told = statusWithoutFetching(offer, this.#options);
      if (told) return this.#show(told);
      void this.#fetch(engine, offer.version, tries);
      return this.#status;
    } catch (thrown) {
      return this.#failed(thrown, null, tries);
    }
  }

  async #fetch(engine: UpdateEngine, version: string, tries: number): Promise<void> {
    this.#show({ phase: 'fetching', version, percent: 0, text: null });
    try {
      await engine.fetch((percent) => {
        if (this.#status.phase === 'fetching') this.#show({ percent: Math.floor(percent) });
      });
      this.#fetched = { engine, version };
      if (this.#isOn()) this.#show(readyStatus(this.#options.installation, version));
    } catch (thrown) {
      this.#failed(thrown, version, tries);
    }
  }

  /** What may pass is begun again after a while; what is wrong with the feed waits for the next day. */
  #failed(thrown: unknown, version: string | null, tries: number): UpdateStatus {
    this.#options.logger.warn({ err: thrown }, 'the update failed');
    const delayMs = isConnectionFailure(thrown) ? retryDelaysMs[tries] : undefined;
    if (delayMs !== undefined) this.#after(delayMs, () => this.#isOn() && void this.#begin(tries + 1));
    return this.#show({
      phase: 'failed',
      version,
      percent: null,
      text: failureWords(thrown, { version, isTriedAgain: delayMs !== undefined }),
    });
  }
}
