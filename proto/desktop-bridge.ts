/**
 * The contract between the renderer and Electron's preload: what `window.desk` is.
 * Absent in a browser, where the renderer is the web face. Types alone, so that
 * neither side imports the other.
 */
export interface DeskSettings {
  /** `built-in`, or the ticket service's host:port. */
  ticketServiceAddress: string;
}

export interface DeskBoot {
  /** Sent with each GraphQL request as `x-desk-token`; made anew at each launch. */
  graphqlToken: string;
  appVersion: string;
  platform: string;
  settings: DeskSettings;
  /** Things the person should know, such as a settings file that was set aside. */
  notices: string[];
  /** Set when the desk could not be opened at all: what happened, what was kept, what to do. */
  problem: string | null;
}

/** IPC answers are plain values: contextBridge drops prototypes, so an error travels as one. */
export type BridgeResult<T> =
  | { ok: true; value: T }
  | { ok: false; error: { field: string | null; message: string } };

export interface DesktopBridge {
  boot(): Promise<BridgeResult<DeskBoot>>;
  /** Checks and saves; the desk reconnects when the address changed. What waits in the outbox stays. */
  saveSettings(settings: DeskSettings): Promise<BridgeResult<DeskSettings>>;
  openExternal(url: string): Promise<BridgeResult<null>>;
  /** Calls back with the id of a command (proto/commands.json) chosen in the menu; answers the way to stop. */
  onCommand(listener: (commandId: string) => void): () => void;
}
