/** From nothing to a page that may ask: the desktop app's own start, or the web face's with its sign-in. */
import type { ApolloClient } from '@apollo/client';
import type { CurrentSettings } from '../../proto/desktop-bridge.ts';
import { createDeskClient, isUnauthenticated } from '../graphql/client.ts';
import { BootDocument } from '../graphql/generated/operations.ts';
import type { Face, Settings } from '../state/boot.tsx';
import { readFailure } from '../state/failure.ts';
import { setLocale } from '../state/locale.ts';

export type Booted =
  | { kind: 'ready'; face: Face; client: ApolloClient; notices: readonly string[] }
  | { kind: 'sign-in'; refused: boolean }
  | { kind: 'unreachable'; message: string }
  | { kind: 'problem'; message: string };

const tokenKey = 'ticket-desk-token';

/** @param onUnauthenticated called when the server wants a token later on. */
export async function boot(onUnauthenticated: () => void): Promise<Booted> {
  return window.desk ? bootDesktop(window.desk) : bootWeb(onUnauthenticated);
}

async function bootDesktop(bridge: NonNullable<Window['desk']>): Promise<Booted> {
  const answer = await bridge.boot();
  if (!answer.ok) return { kind: 'problem', message: answer.error.message };
  const { graphqlToken, appVersion, settings, notices, problem, locale } = answer.value;
  if (problem !== null) return { kind: 'problem', message: problem };
  setLocale(locale);
  const client = createDeskClient({ deskToken: graphqlToken });
  const face: Face = { kind: 'desktop', bridge, appVersion, settings: keptSettings(bridge, settings) };
  const more = await client
    .query({ query: BootDocument, fetchPolicy: 'no-cache' })
    .then(({ data }) => data?.notices ?? [])
    // The list says what is wrong; the notices are no reason to hold up the window.
    .catch(() => []);
  return { kind: 'ready', face, client, notices: [...new Set([...notices, ...more])] };
}

function keptSettings(bridge: NonNullable<Window['desk']>, first: CurrentSettings): Settings {
  let saved = first;
  return {
    current: () => saved,
    async save(settings) {
      const answer = await bridge.saveSettings(settings);
      if (answer.ok) saved = answer.value;
      return answer;
    },
  };
}

async function bootWeb(onUnauthenticated: () => void): Promise<Booted> {
  const token = sessionStorage.getItem(tokenKey);
  const client = createDeskClient(
    token === null ? { onUnauthenticated } : { bearerToken: token, onUnauthenticated },
  );
  try {
    const { data } = await client.query({ query: BootDocument, fetchPolicy: 'no-cache' });
    return { kind: 'ready', face: { kind: 'web' }, client, notices: data?.notices ?? [] };
  } catch (error) {
    if (isUnauthenticated(error)) return { kind: 'sign-in', refused: token !== null };
    return { kind: 'unreachable', message: readFailure(error).message };
  }
}

/** For this tab alone, and gone with it. */
export function keepToken(token: string): void {
  sessionStorage.setItem(tokenKey, token);
}
