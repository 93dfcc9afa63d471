/** All that the page gets of the desktop: a fixed list of functions. Bundled into one CommonJS file. */
import { contextBridge, ipcRenderer } from 'electron';
import type { DesktopBridge } from '../proto/desktop-bridge.ts';
import {
  backupsChannel,
  channels,
  commandChannel,
  dockerStatusChannel,
  localeChannel,
  moveChannel,
  openTicketChannel,
  updateStatusChannel,
} from './ipc/channels.ts';

const bridge: DesktopBridge = {
  boot: () => ipcRenderer.invoke(channels.boot),
  problem: () => ipcRenderer.invoke(channels.problem),
  saveSettings: (settings) => ipcRenderer.invoke(channels.saveSettings, settings),
  saveName: (name) => ipcRenderer.invoke(channels.saveName, name),
  checkService: (settings) => ipcRenderer.invoke(channels.checkService, settings),
  checkQueue: (settings) => ipcRenderer.invoke(channels.checkQueue, settings),
  chooseFile: () => ipcRenderer.invoke(channels.chooseFile),
  saveExport: (address) => ipcRenderer.invoke(channels.saveExport, address),
  dockerStatus: () => ipcRenderer.invoke(channels.dockerStatus),
  startDocker: () => ipcRenderer.invoke(channels.startDocker),
  stopDocker: () => ipcRenderer.invoke(channels.stopDocker),
  updateStatus: () => ipcRenderer.invoke(channels.updateStatus),
  lookForUpdates: () => ipcRenderer.invoke(channels.lookForUpdates),
  setUpdates: (policy) => ipcRenderer.invoke(channels.setUpdates, policy),
  backupStatus: () => ipcRenderer.invoke(channels.backupStatus),
  makeBackup: () => ipcRenderer.invoke(channels.makeBackup),
  restoreBackup: () => ipcRenderer.invoke(channels.restoreBackup),
  showBackups: () => ipcRenderer.invoke(channels.showBackups),
  moveStatus: () => ipcRenderer.invoke(channels.moveStatus),
  startMove: () => ipcRenderer.invoke(channels.startMove),
  pauseMove: () => ipcRenderer.invoke(channels.pauseMove),
  openExternal: (url) => ipcRenderer.invoke(channels.openExternal, url),
  habits: () => ipcRenderer.invoke(channels.habits),
  saveHabits: (habits) => ipcRenderer.invoke(channels.saveHabits, habits),
  networkChanged: () => ipcRenderer.invoke(channels.networkChanged),
  keepTheme: (theme) => ipcRenderer.invoke(channels.keepTheme, theme),
  keepList: (picture) => ipcRenderer.invoke(channels.keepList, picture),
  onOpenTicket: keepingLast(openTicketChannel),
  onLocale: (listener) => listen(localeChannel, listener),
  onCommand: (listener) => listen(commandChannel, listener),
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

/** Listens from the start: a link may be followed before the page is there to open it. One listener at a time. */
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
