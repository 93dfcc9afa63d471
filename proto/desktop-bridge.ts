/**
 * The contract between the renderer and Electron's preload: what `window.desk` is.
 * Absent in a browser, where the renderer is the web face. Types alone, so that
 * neither side imports the other.
 */

/** Where the tickets are kept: by the app itself, by the compose stack on this computer, or by a team's services. */
export type Profile = 'this-computer' | 'docker' | 'team';

/** How a team's services are reached. An empty path means: none. */
export interface TeamSettings {
  /** host:port of the ticket service; empty until one was chosen. */
  ticketServiceAddress: string;
  /** host:port of nsqd; empty: creates go by gRPC like all else. */
  nsqdAddress: string;
  /** TLS to the ticket service. */
  tls: boolean;
  /** TLS to nsqd. */
  nsqdTls: boolean;
  /** PEM file of the authority that signed the servers' certificates; empty: the system's own authorities. */
  caFile: string;
  /** PEM files by which this computer shows who it is (mutual TLS): both or none. */
  certFile: string;
  keyFile: string;
}

export interface DeskSettings {
  profile: Profile;
  team: TeamSettings;
}

/** Who works here, where no token of their own says so. */
export interface OwnAgent {
  id: string;
  name: string;
  /** Whether the person has said or seen that this is their name; until then it is the system user's. */
  isConfirmed: boolean;
}

/** Whether updates are looked for and fetched. */
export type UpdatePolicy = 'on' | 'off';

/** How the window is coloured. */
export type Theme = 'system' | 'light' | 'dark';

export type SettingsField = 'profile' | 'token' | 'updates' | keyof TeamSettings;

/** What sets a field in the person's place: a variable of the environment, or the organisation's file. */
export type Lock = { variable: string } | { file: string };

/** What is in force: the settings, over them the organisation's file, and over that what the environment says. */
export interface CurrentSettings extends DeskSettings {
  /** Whether there is an API token for the team's ticket service. It is never shown, nor sent to another address. */
  hasToken: boolean;
  /** Which fields are set for the person, and by what. These can't be changed here. */
  lockedBy: Partial<Record<SettingsField, Lock>>;
  updates: UpdatePolicy;
  agent: OwnAgent;
  /** Why a token can't be kept on this computer, which then lasts until the desk is closed; null where it can. */
  keychainProblem: string | null;
}

export interface SettingsToSave extends DeskSettings {
  /** Left out: the one kept for this address stays. Null: none from now on. */
  token?: string | null;
}

/** What is drawn of the list and the views, for the next start. */
export interface ListPicture {
  html: string;
  /** Its rules: the page's policy lets no element have a style of its own. */
  css: string;
}

/** A warning may be lived with; a failure means that it would not work as it is now. */
export type CheckTone = 'ok' | 'warning' | 'failure';

/** What came of asking at an address. */
export type CheckCode =
  | 'ok'
  | 'malformed'
  | 'no-such-host'
  | 'refused'
  | 'unreachable'
  | 'timeout'
  | 'wrong-server'
  | 'without-tls'
  | 'needs-tls'
  | 'wrong-authority'
  | 'wrong-name'
  | 'expired-certificate'
  | 'needs-certificate'
  | 'unusable-file'
  | 'wrong-token'
  | 'needs-token'
  | 'needs-secret'
  | 'older'
  | 'newer'
  | 'unhealthy'
  | 'superseded';

export interface AddressCheck {
  tone: CheckTone;
  code: CheckCode;
  /** What was found and what to do about it, in words for the person. */
  text: string;
}

export interface ServiceCheck extends AddressCheck {
  /** Why creates filed on the queue would not reach this service; null when they would, or none go there. */
  queueRemark: string | null;
}

/** How one service of the stack does. `waiting`: there is no container of it yet; `done`: it had one thing to do. */
export type DockerServiceState =
  | 'waiting'
  | 'pulling'
  | 'building'
  | 'created'
  | 'starting'
  | 'healthy'
  | 'done'
  | 'stopped'
  | 'failed';

export interface DockerStatus {
  /** `unavailable`: Docker is missing or does not answer; the text says what to install or start. */
  phase: 'looking' | 'unavailable' | 'stopped' | 'starting' | 'running' | 'stopping' | 'failed';
  services: { name: string; state: DockerServiceState }[];
  /** What the person should know or do; null where the phase says it all. */
  text: string | null;
  /** The last lines of what failed, oldest first. */
  log: string[];
}

/** How the app lives on the desktop. */
export interface Habits {
  /** Closing the window leaves the desk running, in the tray (macOS: in the menu bar). */
  closeToTray: boolean;
  openAtLogin: boolean;
}

export interface CurrentHabits extends Habits {
  /** Whether this desktop shows trays; where it does not, closing quits all the same. */
  showsTrays: boolean;
}

export interface UpdateStatus {
  /** `by-hand`: there is a newer version, which this installation can't put in its own place. */
  phase:
    | 'not-configured'
    | 'off'
    | 'idle'
    | 'looking'
    | 'newest'
    | 'fetching'
    | 'ready'
    | 'by-hand'
    | 'failed';
  /** The newer version that this is about. */
  version: string | null;
  /** Of the fetching, 0 to 100. */
  percent: number | null;
  /** What the person should know or do; null where the phase says it all. */
  text: string | null;
  /** Where to get it by hand. */
  page: string | null;
  /** When it was looked last, in ISO 8601. */
  lookedAt: string | null;
}

/** How the backups of this computer's tickets stand. */
export interface BackupStatus {
  /** Where they are kept. */
  folder: string;
  /** The newest that is there; ISO 8601. Null: there is none yet. */
  last: { file: string; madeAt: string } | null;
  underWay: { kind: 'make' | 'restore'; percent: number } | null;
  /** Why the last one could not be made or restored, in words for the person; null where it could. */
  problem: { text: string; isNightly: boolean } | null;
}

export interface BackupSummary {
  tickets: number;
  /** ISO 8601. */
  madeAt: string;
}

/** What was sent of one part of all tickets, and what the other ticket service answers. */
export interface MoveComparison {
  part: 'tickets' | 'comments' | 'history';
  sent: { count: number; checksum: string };
  answered: { count: number; checksum: string };
}

/** How the move of this computer's tickets to a team's ticket service stands. */
export interface MoveStatus {
  address: string;
  state: 'RUNNING' | 'STOPPED' | 'DONE';
  /** How many are to be moved; of those, how many were sent, and then compared. */
  tickets: number;
  sent: number;
  compared: number;
  /** Those that have another number there; the first of them by name. */
  renumbered: { count: number; first: { number: number; id: number }[] };
  refused: { count: number; first: { number: number; reason: string }[] };
  /** Empty until it is done. */
  comparison: MoveComparison[];
  /** The numbers of the first tickets that differ there. */
  different: number[];
  /** Why it does not go on, in words for the person; null where it does. */
  problem: string | null;
}

export interface DeskBoot {
  /** Sent with each GraphQL request as `x-desk-token`; made anew at each launch. */
  graphqlToken: string;
  appVersion: string;
  /** The system's language and region (BCP 47), by which numbers and times are written. */
  locale: string;
  settings: CurrentSettings;
  /** Things the person should know, such as a settings file that was set aside. */
  notices: string[];
}

/** IPC answers are plain values: contextBridge drops prototypes, so an error travels as one. */
export type BridgeResult<T> =
  | { ok: true; value: T }
  | { ok: false; error: { field: string | null; message: string } };

export interface DesktopBridge {
  /** What a page begins with; at once, whatever is still on its way. */
  boot(): Promise<BridgeResult<DeskBoot>>;
  /** Once it is known: why the desk could not be opened at all, what was kept and what to do; null where it is open. */
  problem(): Promise<BridgeResult<string | null>>;
  /** Checks the form and saves; the desk reconnects when something changed. What waits in the outbox stays. */
  saveSettings(settings: SettingsToSave): Promise<BridgeResult<CurrentSettings>>;
  /** From now on they work under this name. */
  saveName(name: string): Promise<BridgeResult<CurrentSettings>>;
  /** Asks at the address. A newer question ends the one before, which then answers `superseded`. */
  checkService(settings: SettingsToSave): Promise<BridgeResult<ServiceCheck>>;
  /** The same for nsqd. */
  checkQueue(settings: SettingsToSave): Promise<BridgeResult<AddressCheck>>;
  /** Lets the person choose a file; null when they did not. */
  chooseFile(): Promise<BridgeResult<string | null>>;
  /**
   * Saves what was exported where the person chooses; a file of that name stays as it was until the new one is whole.
   * Answers its path, null when they chose none.
   */
  saveExport(address: string): Promise<BridgeResult<string | null>>;
  /** Looks how the stack does now. */
  dockerStatus(): Promise<BridgeResult<DockerStatus>>;
  /** Starts the stack, building what is missing; answers how it came out. */
  startDocker(): Promise<BridgeResult<DockerStatus>>;
  /** Stops the stack, which keeps its data. */
  stopDocker(): Promise<BridgeResult<DockerStatus>>;
  updateStatus(): Promise<BridgeResult<UpdateStatus>>;
  /** Looks for a newer version now. */
  lookForUpdates(): Promise<BridgeResult<UpdateStatus>>;
  /** Whether updates are looked for from now on. */
  setUpdates(policy: UpdatePolicy): Promise<BridgeResult<UpdateStatus>>;
  /** Null where another ticket service than this computer's is in use, or the desk is not open. */
  backupStatus(): Promise<BridgeResult<BackupStatus | null>>;
  makeBackup(): Promise<BridgeResult<BackupSummary>>;
  /** Lets the person choose one; null when they did not. Once restored, the desk is opened anew. */
  restoreBackup(): Promise<BridgeResult<BackupSummary | null>>;
  /** Shows the folder with the backups. */
  showBackups(): Promise<BridgeResult<null>>;
  /** Null where nothing was moved yet, and where another ticket service than this computer's is in use. */
  moveStatus(): Promise<BridgeResult<MoveStatus | null>>;
  /** Begins to move all tickets to the ticket service that the settings name, or goes on with it. */
  startMove(): Promise<BridgeResult<null>>;
  /** Until it is started again; what was moved stays there. */
  pauseMove(): Promise<BridgeResult<null>>;
  openExternal(url: string): Promise<BridgeResult<null>>;
  /** Asks the system how it is now. */
  habits(): Promise<BridgeResult<CurrentHabits>>;
  saveHabits(habits: Habits): Promise<BridgeResult<CurrentHabits>>;
  /** Tells that there is another network, or one again: what waits is tried at once. */
  networkChanged(): Promise<BridgeResult<null>>;
  /** Gives it to all that the system draws of the window, also at the next start before there is a page. */
  keepTheme(theme: Theme): Promise<BridgeResult<null>>;
  /** Keeps it on this computer until there is another. */
  keepList(picture: ListPicture): Promise<BridgeResult<null>>;
  /** Calls back with the ticket of a link that was followed, also of one before the page was there; answers the way to stop. */
  onOpenTicket(listener: (id: number) => void): () => void;
  /** Calls back when the system's language is another; answers the way to stop. */
  onLocale(listener: (locale: string) => void): () => void;
  /** Calls back with the id of a command (proto/commands.json) chosen in the menu, also before the page was there; answers the way to stop. */
  onCommand(listener: (commandId: string) => void): () => void;
  /** Calls back with each change while the stack starts or stops; answers the way to stop. */
  onDockerStatus(listener: (status: DockerStatus) => void): () => void;
  /** Calls back when something about the backups has changed; answers the way to stop. */
  onBackupsChanged(listener: () => void): () => void;
  /** Calls back when a move has come further; answers the way to stop. */
  onMoveChanged(listener: () => void): () => void;
  /** Calls back with each change of an update; answers the way to stop. */
  onUpdateStatus(listener: (status: UpdateStatus) => void): () => void;
}
