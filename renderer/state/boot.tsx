/** What the page knows from its start: which face it is, and in the desktop app its settings and token. */
import { createContext, useContext } from 'react';
import type {
  BridgeResult,
  CurrentSettings,
  DesktopBridge,
  SettingsToSave,
} from '../../proto/desktop-bridge.ts';
import type { Store } from './store.ts';

declare global {
  interface Window {
    /** Electron's preload; absent in a browser. */
    desk?: DesktopBridge;
  }
}

export interface Settings {
  /** As they were saved last. */
  saved: Store<CurrentSettings>;
  save(settings: SettingsToSave): Promise<BridgeResult<CurrentSettings>>;
  saveName(name: string): Promise<BridgeResult<CurrentSettings>>;
  /** Resolves when no saving is under way. */
  settled(): Promise<unknown>;
}

export type Face =
  | { kind: 'desktop'; bridge: DesktopBridge; appVersion: string; settings: Settings }
  | { kind: 'web' };

const FaceContext = createContext<Face>({ kind: 'web' });

export const FaceProvider = FaceContext;

export function useFace(): Face {
  return useContext(FaceContext);
}

/** On whose disk is what was filed: the desktop app's outbox is beside it, a browser's on the server. */
export function useOutboxPlace(): 'this computer' | 'the server' {
  return useFace().kind === 'desktop' ? 'this computer' : 'the server';
}
