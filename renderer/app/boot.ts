/** From nothing to a page that may ask: the desktop app's own start, or the web face's with its sign-in. */
import type { ApolloClient } from '@apollo/client';
import type { BridgeResult, CurrentSettings } from '../../proto/desktop-bridge.ts';
import { createClient, isUnauthenticated } from '../graphql/client.ts';
import { fetchUnlessSilent } from '../graphql/fetch-unless-silent.ts';
import { BootDocument } from '../graphql/generated/operations.ts';
import type { Face, Settings } from '../state/boot.tsx';
import { readFailure } from '../state/failure.ts';
import { setLocale } from '../state/locale.ts';
import { signedInAs } from '../state/person.ts';
import { Store } from '../state/store.ts';
import { ofThisBrowser, ofThisTab } from '../state/web-storage.ts';

export type Booted =
  | {
      kind: 'ready';
      face: Face;
      client: ApolloClient;
      notices: readonly string[];
      /** What it is linked to; left out where that is not known yet. */
      service?: string | undefined;
    }
  | { kind: 'sign-in'; why: WhySignIn }
  | { kind: 'unreachable'; message: string }
  | { kind: 'problem'; message: string };

/**
 * Nothing was shown yet; a link that was used before; a session of a server that has ended; a token that is none; one
 * that let this page in and does no more.
 */
export type WhySignIn = 'first' | 'link' | 'session' | 'token' | 'ended';

/** Of this tab alone the token that was typed; of all tabs that of the session which a link has opened. */
const tokenKey = 'ticket-desk-token';

/** @param tell called with what the page has come to, and again where that changes */
export async function boot(tell: (booted: Booted) => void): Promise<void> {
  await (window.desk ? bootDesktop(window.desk, tell) : bootWeb(tell));
}

async function bootDesktop(
  bridge: NonNullable<Window['desk']>,
  tell: (booted: Booted) => void,
): Promise<void> {
  const answer = await bridge.boot();
  if (!answer.ok) return tell({ kind: 'problem', message: answer.error.message });
  const { graphqlToken, appVersion, settings, notices, locale } = answer.value;
  setLocale(locale);
  const client = createClient({ deskToken: graphqlToken });
  const face: Face = { kind: 'desktop', bridge, appVersion, settings: keptSettings(bridge, settings) };
  // Drawn while the desk still opens: what the page asks meanwhile waits for that.
  tell({ kind: 'ready', face, client, notices });
  const opened = await bridge.problem();
  const problem = opened.ok ? opened.value : opened.error.message;
  if (problem !== null) return tell({ kind: 'problem', message: problem });
  const more = await client
    .query({ query: BootDocument, fetchPolicy: 'no-cache' })
    .then(({ data }) => data?.notices ?? [])
    // The list says what is wrong.
    .catch(() => []);
  if (more.length > 0) tell({ kind: 'ready', face, client, notices: [...new Set([...notices, ...more])] });
}

function keptSettings(bridge: NonNullable<Window['desk']>, first: CurrentSettings): Settings {
  const saved = new Store(first);
  let saving: Promise<unknown> = Promise.resolve();
  async function answered(asked: Promise<BridgeResult<CurrentSettings>>) {
    saving = asked;
    const answer = await asked;
    if (answer.ok) saved.set(answer.value);
    return answer;
  }
  return {
    saved,
    save: (settings) => answered(bridge.saveSettings(settings)),
    saveName: (name) => answered(bridge.saveName(name)),
    settled: () => saving,
  };
}

async function bootWeb(tell: (booted: Booted) => void): Promise<void> {
  let isLinkUsed = false;
  let isIn = false;
  try {
    isLinkUsed = await followLink();
    const token = ofThisTab.read(tokenKey) ?? ofThisBrowser.read(tokenKey);
    const client = createClient({
      ...(token !== null && { bearerToken: token }),
      // Later on, too: what was typed is kept on disk meanwhile.
      onUnauthenticated: () => tell({ kind: 'sign-in', why: whyRefused(isIn) }),
    });
    const { data } = await client.query({ query: BootDocument, fetchPolicy: 'no-cache' });
    isIn = true;
    signedInAs(data?.me?.id ?? null);
    const { notices = [], link } = data ?? {};
    tell({ kind: 'ready', face: { kind: 'web' }, client, notices, service: link?.service });
  } catch (error) {
    if (isUnauthenticated(error)) tell({ kind: 'sign-in', why: isLinkUsed ? 'link' : whyRefused(false) });
    else tell({ kind: 'unreachable', message: readFailure(error).message });
  }
}

/**
 * Exchanges the code that the server's link has behind # for a session, which a reload and other tabs have too.
 * @returns whether there is a link, and it was used before
 * @throws what fetch throws, where no server answers; the link stays in the address, for the next try
 */
async function followLink(): Promise<boolean> {
  const code = codeInAddress();
  if (code === null) return false;
  const headers = { authorization: `Bearer ${code}` };
  const answer = await fetchUnlessSilent('/session', { method: 'POST', headers });
  history.replaceState(null, '', location.pathname);
  if (!answer.ok) return true;
  const { token } = (await answer.json()) as { token: string };
  ofThisTab.write(tokenKey, null);
  ofThisBrowser.write(tokenKey, token);
  return false;
}

/**
 * Calls back when a link is followed: in another tab, whose session is this one's too, or put into the address of this
 * page, which does not load it anew.
 * @returns stop.
 */
export function onLinkFollowed(listener: () => void): () => void {
  const controller = new AbortController();
  const { signal } = controller;
  const hear = ({ key }: StorageEvent) => {
    if (key !== tokenKey) return;
    ofThisTab.write(tokenKey, null);
    listener();
  };
  window.addEventListener('storage', hear, { signal });
  window.addEventListener('hashchange', () => codeInAddress() !== null && listener(), { signal });
  return () => controller.abort();
}

function codeInAddress(): string | null {
  return new URLSearchParams(location.hash.slice(1)).get('code');
}

function whyRefused(wasIn: boolean): WhySignIn {
  if (ofThisTab.read(tokenKey) !== null) return wasIn ? 'ended' : 'token';
  return ofThisBrowser.read(tokenKey) !== null ? 'session' : 'first';
}

/** For this tab alone, and gone with it. */
export function keepToken(token: string): void {
  ofThisTab.write(tokenKey, token);
}
