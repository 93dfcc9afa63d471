/** All that the page gets of the desktop: a fixed list of functions. Bundled into one CommonJS file. */
import { contextBridge, ipcRenderer } from 'electron';
import type { DesktopBridge } from '../proto/desktop-bridge.ts';
import { channels, commandChannel } from './ipc/channels.ts';

const bridge: DesktopBridge = {
  boot: () => ipcRenderer.invoke(channels.boot),
  saveSettings: (settings) => ipcRenderer.invoke(channels.saveSettings, settings),
  openExternal: (url) => ipcRenderer.invoke(channels.openExternal, url),
  onCommand(listener) {
    // The page must not get hold of the event: it carries the sender.
    const forward = (_event: unknown, commandId: string) => listener(commandId);
    ipcRenderer.on(commandChannel, forward);
    return () => {
      ipcRenderer.off(commandChannel, forward);
    };
  },
};

contextBridge.exposeInMainWorld('desk', bridge);
