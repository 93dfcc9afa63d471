/** Draws a part of the page within the state that the whole page has, over a server whose answers the test gives. */
import { ApolloClient, ApolloLink, InMemoryCache } from '@apollo/client';
import { ApolloProvider } from '@apollo/client/react';
import { render } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import type { ReactNode } from 'react';
import { asapScheduler, BehaviorSubject, defer, from, map, NEVER, observeOn, of } from 'rxjs';
import { ToastStack } from '../features/toasts/ToastStack.tsx';
import { AgentNamesProvider } from '../state/agents.tsx';
import { type Face, FaceProvider } from '../state/boot.tsx';
import { LiveProvider } from '../state/live.tsx';
import type { LiveEvent } from '../state/live-feed.ts';
import { NavigationProvider } from '../state/navigation.tsx';
import { ViewsProvider } from '../state/own-views.tsx';
import { linkEvent } from './link-event.ts';

/** One request that the page has sent. */
export interface Asked {
  name: string;
  variables: Record<string, unknown>;
}

type Answer = Record<string, unknown>;

export interface DrawOptions {
  /** The web page, unless a test says otherwise. */
  face?: Face;
  /** The `data` of the answer; undefined leaves the request without one. An error that it throws is the server's. */
  answer?(asked: Asked): Answer | Promise<Answer> | undefined;
}

/** The link to a service stands from the beginning. */
const connected = linkEvent();

/** @returns the person's hands, the requests so far, and the stream by which the server tells what happens. */
export function draw(
  part: ReactNode,
  { face = { kind: 'web' }, answer = () => undefined }: DrawOptions = {},
) {
  const asked: Asked[] = [];
  const events = new BehaviorSubject<LiveEvent>(connected);
  const link = new ApolloLink(({ operationName, variables }) => {
    const request = { name: operationName ?? '', variables };
    asked.push(request);
    return defer(() => {
      const data = answer(request);
      if (data === undefined) return NEVER;
      return (data instanceof Promise ? from(data) : of(data)).pipe(map((each) => ({ data: each })));
    });
  });
  const client = new ApolloClient({ link, cache: new InMemoryCache() });
  const drawn = render(part, {
    wrapper: ({ children }) => (
      <FaceProvider value={face}>
        <ApolloProvider client={client}>
          <AgentNamesProvider>
            <NavigationProvider>
              <LiveProvider source={() => events.pipe(observeOn(asapScheduler))} onSwitch={() => {}}>
                <ViewsProvider>{children}</ViewsProvider>
                <ToastStack />
              </LiveProvider>
            </NavigationProvider>
          </AgentNamesProvider>
        </ApolloProvider>
      </FaceProvider>
    ),
  });
  return { ...drawn, person: userEvent.setup(), client, asked, events };
}
