/** The service settings while they are edited: their values, their problems, and saving them. */
import { useState } from 'react';
import type {
  CurrentSettings,
  Profile,
  SettingsField,
  SettingsToSave,
  TeamSettings,
} from '../../../proto/desktop-bridge.ts';
import { isHopeless } from '../../../proto/service-address.ts';
import { teamProblems } from '../../../proto/team-settings.ts';
import type { Face } from '../../state/boot.tsx';
import { useStore } from '../../state/store.ts';
import { showToast } from '../../state/toasts.ts';
import { placeWords } from './profiles.ts';
import { useCheck } from './use-check.ts';

export type DesktopFace = Extract<Face, { kind: 'desktop' }>;

export type ServiceSettings = ReturnType<typeof useServiceSettings>;

const isAddress = (field: SettingsField): field is 'ticketServiceAddress' | 'nsqdAddress' =>
  field === 'ticketServiceAddress' || field === 'nsqdAddress';

/** @param isForMove the team's server is where tickets are moved to; they stay where they are kept */
export function useServiceSettings({ settings, bridge }: DesktopFace, { isForMove = false } = {}) {
  const saved = useStore(settings.saved);
  // What was not touched here is as it is saved, also when another form of this panel has saved it.
  const [typed, setTyped] = useState<Partial<TeamSettings & { profile: Profile }>>({});
  const { profile, ...team } = { profile: saved.profile, ...saved.team, ...typed };
  const [token, setToken] = useState<string | null | undefined>();
  const [left, setLeft] = useState<ReadonlySet<SettingsField>>(new Set());
  const [refusal, setRefusal] = useState<{ field: string | null; message: string } | null>(null);
  const [doubts, setDoubts] = useState<readonly string[]>([]);
  const [isSaving, setSaving] = useState(false);

  const isTokenChanged = token !== undefined && token !== '';
  const wanted: SettingsToSave = { profile, team, ...(isTokenChanged && { token }) };
  const asksTeam = isForMove || profile === 'team';
  const wrong = wrongFields(wanted, saved);
  const asksService = asksTeam && !wrong.ticketServiceAddress && !wrong.token;
  const service = useCheck(asksService ? wanted : null, bridge.checkService);
  const asksQueue = asksTeam && team.nsqdAddress.trim() !== '' && !wrong.nsqdAddress;
  const queue = useCheck(asksQueue ? { ...wanted, token: null } : null, bridge.checkQueue);

  /** Whatever was said of the settings before was of others. */
  function edited(): void {
    setRefusal(null);
    setDoubts([]);
  }

  function type(fields: typeof typed): void {
    edited();
    setTyped((before) => ({ ...before, ...fields }));
  }

  function problemOf(field: SettingsField): string | null {
    if (refusal?.field === field) return refusal.message;
    const server = field === 'nsqdAddress' ? 'NSQ' : 'ticket service';
    const isTold = left.has(field) || (isAddress(field) && isHopeless(team[field], server));
    return isTold ? (wrong[field] ?? null) : null;
  }

  async function findDoubts(): Promise<string[]> {
    const answers = await Promise.all([service.ask(), asksQueue ? queue.ask() : null]);
    return answers.filter((answer) => answer?.tone === 'failure').map((answer) => answer?.text ?? '');
  }

  /** With `anyway` in spite of the doubts. @returns whether it is saved */
  async function save({ anyway } = { anyway: false }): Promise<boolean> {
    setLeft(new Set(Object.keys(wrong) as SettingsField[]));
    if (isSaving || (asksTeam && Object.keys(wrong).length > 0)) return false;
    setSaving(true);
    try {
      const found = asksTeam && !anyway ? await findDoubts() : [];
      setDoubts(found);
      if (found.length > 0) return false;
      const answer = await settings.save(wanted);
      if (!answer.ok) {
        setRefusal(answer.error);
        return false;
      }
      setTyped({});
      setToken(undefined);
      if (!isForMove) showToast({ text: `Saved. Tickets are kept by ${placeWords(answer.value)}.` });
      return true;
    } finally {
      setSaving(false);
    }
  }

  return {
    saved,
    profile,
    team,
    /** Undefined: the kept one, if there is one; so it is while nothing is typed in its place. Null: none. */
    token,
    /** Whether the kept token is one for the address that is typed now. */
    hasToken: saved.hasToken && team.ticketServiceAddress.trim() === saved.team.ticketServiceAddress,
    chooseProfile: (next: Profile) => type({ profile: next }),
    change: (fields: Partial<TeamSettings>) => type(fields),
    changeToken(next: string | null) {
      edited();
      setToken(next);
    },
    /** The person has left this field: what was begun in it is judged. */
    leave: (field: SettingsField) => setLeft((before) => new Set([...before, field])),
    problemOf,
    isChanged:
      profile !== saved.profile || isTokenChanged || JSON.stringify(team) !== JSON.stringify(saved.team),
    isSaving,
    service,
    queue,
    /** Why it would not work as it is now, asked about before it is saved all the same. */
    doubts,
    /** Why it could not be saved, where that is about no field. */
    failure: refusal?.field === null ? refusal.message : null,
    save,
    leaveDoubts: edited,
  };
}

/** What is set for the person is not theirs to mend. */
function wrongFields(wanted: SettingsToSave, { lockedBy }: CurrentSettings) {
  const found = teamProblems({ isChosen: true, ...wanted });
  for (const field of Object.keys(lockedBy) as SettingsField[]) delete found[field];
  return found;
}
