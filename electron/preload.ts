/** All that the page gets of the desktop: a fixed list of functions. Bundled into one CommonJS file. */
import { contextBridge, ipcRenderer } from 'electron';
import type { DesktopBridge } from '../proto/desktop-bridge.ts';
import {
  backupsChannel,
  type CallName,
  callNames,
  channelOf,
  commandChannel,
  dockerStatusChannel,
  localeChannel,
  moveChannel,
  openTicketChannel,
  updateStatusChannel,
} from './ipc/channels.ts';

/** Main checks their arguments: see ipc/contract.ts. */
const calls = Object.fromEntries(
  callNames.map((name) => [name, (...given: unknown[]) => ipcRenderer.invoke(channelOf(name), ...given)]),
) as Pick<DesktopBridge, CallName>;

const bridge: DesktopBridge = {
  ...calls,
  onOpenTicket: keepingLast(openTicketChannel),
  onLocale: (listener) => listen(localeChannel, listener),
  onCommand: keepingLast(commandChannel),
  onDockerStatus: (listener) => listen(dockerStatusChannel, listener),
  onBackupsChanged: (listener) => listen<void>(backupsChannel, () => listener()),
  onMoveChanged: (listener) => listen<void>(moveChannel, () => listener()),
  onUpdateStatus: (listener) => listen(updateStatusChannel, listener),
};

function listen<Message>(channel: string, listener: (message: Message) => void): () => void {
  // The page must not get hold of the event: it carries the sender.
  const forward = (_event: unknown, message: Message) => listener(message);
  ipcRenderer.on(channel, forward);
  return () => {
    ipcRenderer.off(channel, forward);
  };
}

/** Listens from the start: a link may be followed, or a command given, before the page is there. One listener at a time. */
function keepingLast<Message>(channel: string): (listener: (message: Message) => void) => () => void {
  let last: Message | undefined;
  let current: ((message: Message) => void) | undefined;
  ipcRenderer.on(channel, (_event, message: Message) => {
    if (current) current(message);
    else last = message;
  });
  return (listener) => {
    current = listener;
    if (last !== undefined) listener(last);
    last = undefined;
    return () => {
      if (current === listener) current = undefined;
    };
  };
}

contextBridge.exposeInMainWorld('desk', bridge);
