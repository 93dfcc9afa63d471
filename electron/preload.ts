/** All that the page gets of the desktop: a fixed list of functions. Bundled into one CommonJS file. */
import { contextBridge, ipcRenderer } from 'electron';
import type { DesktopBridge } from '../proto/desktop-bridge.ts';
import { channels, commandChannel, dockerStatusChannel } from './ipc/channels.ts';

const bridge: DesktopBridge = {
  boot: () => ipcRenderer.invoke(channels.boot),
  saveSettings: (settings) => ipcRenderer.invoke(channels.saveSettings, settings),
  checkService: (settings) => ipcRenderer.invoke(channels.checkService, settings),
  checkQueue: (settings) => ipcRenderer.invoke(channels.checkQueue, settings),
  chooseFile: () => ipcRenderer.invoke(channels.chooseFile),
  dockerStatus: () => ipcRenderer.invoke(channels.dockerStatus),
  startDocker: () => ipcRenderer.invoke(channels.startDocker),
  stopDocker: () => ipcRenderer.invoke(channels.stopDocker),
  openExternal: (url) => ipcRenderer.invoke(channels.openExternal, url),
  onCommand: (listener) => listen(commandChannel, listener),
  onDockerStatus: (listener) => listen(dockerStatusChannel, listener),
};

function listen<Message>(channel: string, listener: (message: Message) => void): () => void {
  // The page must not get hold of the event: it carries the sender.
  const forward = (_event: unknown, message: Message) => listener(message);
  ipcRenderer.on(channel, forward);
  return () => {
    ipcRenderer.off(channel, forward);
  };
}

contextBridge.exposeInMainWorld('desk', bridge);
