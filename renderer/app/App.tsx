/** From the first paint to the desk: boot, then either the desk or the page that says why not. */
import type { ApolloClient } from '@apollo/client';
import { ApolloProvider } from '@apollo/client/react';
import { useCallback, useEffect, useMemo, useState } from 'react';
import Button from 'react-bootstrap/Button';
import { AgentNamesProvider } from '../state/agents.tsx';
import { type Face, FaceProvider } from '../state/boot.tsx';
import { forgetChanges } from '../state/changes.ts';
import { dropLastList } from '../state/last-list.ts';
import { LiveProvider } from '../state/live.tsx';
import { type LiveSource, serverEvents } from '../state/live-feed.ts';
import { NavigationProvider } from '../state/navigation.tsx';
import { ViewsProvider } from '../state/own-views.tsx';
import { panelInAddress } from '../state/panel-stack.ts';
import { browserTabPorts, sharedByTabs } from '../state/tab-share.ts';
import { type Booted, boot, keepToken } from './boot.ts';
import { CommandKeys } from './CommandKeys.tsx';
import { FollowDesktop } from './FollowDesktop.tsx';
import { Frame } from './Frame.tsx';
import { OpenForm } from './OpenForm.tsx';
import { SignIn } from './SignIn.tsx';
import { WindowCommands } from './WindowCommands.tsx';

export function App() {
  const [booted, setBooted] = useState<Booted | null>(null);
  const start = useCallback(() => void boot(setBooted), []);
  useEffect(start, [start]);
  const isReady = booted === null || booted.kind === 'ready';
  useEffect(() => {
    if (!isReady) dropLastList();
  }, [isReady]);
  switch (booted?.kind) {
    case undefined:
      return null;
    case 'problem':
      return <ProblemPage title="Ticket Desk can't open" message={booted.message} />;
    case 'unreachable':
      return <ProblemPage title="The server does not answer" message={booted.message} onRetry={start} />;
    case 'sign-in':
      return (
        <SignIn
          why={booted.why}
          onLink={start}
          onToken={(token) => {
            keepToken(token);
            start();
          }}
        />
      );
    case 'ready':
      return <ReadyPage {...booted} />;
  }
}

function ReadyPage({ face, client, notices, service = '' }: Extract<Booted, { kind: 'ready' }>) {
  const source = useMemo(() => liveSource(face, client), [face, client]);
  const [switches, setSwitches] = useState(0);
  const onSwitch = useCallback(async () => {
    // The settings, from which it comes, are drawn anew as well: with what has been saved.
    if (face.kind === 'desktop') await face.settings.settled();
    await client.clearStore();
    leaveTicket();
    forgetChanges();
    setSwitches((before) => before + 1);
  }, [face, client]);
  return (
    <FaceProvider value={face}>
      <ApolloProvider client={client}>
        <AgentNamesProvider>
          <NavigationProvider key={switches}>
            <LiveProvider
              source={source}
              service={switches === 0 ? service : ''}
              onSwitch={() => void onSwitch()}
            >
              <ViewsProvider>
                <CommandKeys />
                <WindowCommands />
                <FollowDesktop />
                <OpenForm />
                <Frame notices={notices} />
              </ViewsProvider>
            </LiveProvider>
          </NavigationProvider>
        </AgentNamesProvider>
      </ApolloProvider>
    </FaceProvider>
  );
}

/** The number in the address is one of the server before. */
function leaveTicket(): void {
  if (panelInAddress().kind === 'ticket') history.replaceState(null, '', '#/');
}

/** The desktop app has one window; a browser may have many tabs. */
function liveSource(face: Face, client: ApolloClient): LiveSource {
  const ports = face.kind === 'web' ? browserTabPorts() : null;
  return ports ? sharedByTabs(serverEvents(client), ports) : serverEvents(client);
}

interface ProblemPageProps {
  title: string;
  message: string;
  onRetry?: () => void;
}

/** When the desk could not be opened: what happened, what was kept, what to do. */
function ProblemPage({ title, message, onRetry }: ProblemPageProps) {
  return (
    <main className="d-flex h-100 align-items-center justify-content-center p-4">
      <div role="alert" className="lone-words">
        <h1 className="h4">{title}</h1>
        <p>{message}</p>
        {onRetry && <Button onClick={onRetry}>Try again</Button>}
      </div>
    </main>
  );
}
