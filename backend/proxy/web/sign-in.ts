/** How the person who started this desk gets in by a browser: a link with a code that works once. */
import { type ApiTokens, isSameSecret, makeSecret } from '../../secrets.ts';
import { jsonResponse } from '../server/graphql-errors.ts';
import { HttpRefusal } from '../server/request-body.ts';
import { checkOrigin } from './guard.ts';

export interface SignIn {
  /** The code that works now. */
  code(): string;
  /** Answers `POST /session`: for the code as Bearer, the token of a session. @throws HttpRefusal */
  answer(request: Request): Response;
}

/**
 * The page keeps the token in its storage, which is this address's alone: a cookie would go to every port of the host. It
 * is good as long as this process runs, so that another user's program that listens here later learns nothing of use.
 * @param options.onUsed told the code that works from now on
 */
export function openSignIn(options: { tokens: ApiTokens; onUsed: (next: string) => void }): SignIn {
  let code = makeSecret();
  return {
    code: () => code,
    answer(request) {
      checkOrigin(request);
      const shown = /^Bearer +(\S+)$/i.exec(request.headers.get('authorization') ?? '')?.[1];
      if (request.method !== 'POST' || shown === undefined || !isSameSecret(shown, code)) {
        throw new HttpRefusal(
          401,
          'UNAUTHENTICATED',
          'This link was used already, or is of an earlier start. Use the newest one that was printed.',
        );
      }
      code = makeSecret();
      options.onUsed(code);
      return jsonResponse(request, 200, { token: options.tokens.openSession() });
    },
  };
}
