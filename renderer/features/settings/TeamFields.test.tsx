import { screen, waitFor } from '@testing-library/react';
import { expect, it, vi } from 'vitest';
import type {
  AddressCheck,
  BridgeResult,
  CurrentSettings,
  DesktopBridge,
  ServiceCheck,
  SettingsToSave,
} from '../../../proto/desktop-bridge.ts';
import { emptyTeam } from '../../../proto/testing/team.ts';
import type { Face } from '../../state/boot.tsx';
import { Store } from '../../state/store.ts';
import { draw } from '../../testing/draw.tsx';
import { SettingsPanel } from './SettingsPanel.tsx';

const ok = <T,>(value: T): Promise<BridgeResult<T>> => Promise.resolve({ ok: true, value });

const team = { ...emptyTeam, ticketServiceAddress: 'tickets.example.org:50051', tls: true };
const saved: CurrentSettings = {
  profile: 'team',
  team,
  hasToken: false,
  lockedBy: {},
  updates: 'on',
  agent: { id: 'b3c1f0d2-7a51-4d7e-9a64-2f1f0c9d8e7a', name: 'Ada', isConfirmed: true },
  keychainProblem: null,
};

/** Main's side of the settings; whatever else the panel asks of it stays without an answer. */
function drawSettings(current: Partial<CurrentSettings> = {}, check: Partial<ServiceCheck> = {}) {
  const settings = { ...saved, ...current };
  const found: ServiceCheck = { tone: 'ok', code: 'ok', text: 'It answers.', queueRemark: null, ...check };
  const asked: SettingsToSave[] = [];
  const store = new Store<CurrentSettings>(settings);
  const save = vi.fn((wanted: SettingsToSave) => {
    store.set({ ...settings, ...wanted, hasToken: true });
    return ok(store.state());
  });
  const answers: Partial<DesktopBridge> = {
    checkService(wanted) {
      asked.push(wanted);
      return ok(found);
    },
    checkQueue: () => ok<AddressCheck>(found),
    chooseFile: () => ok<string | null>('/etc/ssl/team.pem'),
  };
  const bridge = new Proxy(answers as DesktopBridge, {
    get: (known, name: keyof DesktopBridge) =>
      known[name] ?? (name.startsWith('on') ? () => () => {} : () => new Promise(() => {})),
  });
  const face: Face = {
    kind: 'desktop',
    bridge,
    appVersion: '1.0.0',
    settings: { saved: store, save, saveName: () => ok(store.state()), settled: () => Promise.resolve() },
  };
  return { ...draw(<SettingsPanel />, { face }), save, checked: asked };
}

const box = (name: string) => screen.findByRole<HTMLInputElement>('textbox', { name });
const token = () => screen.getByLabelText<HTMLInputElement>('Token');
/** What stands below a field, as a screen reader reads it with the field. */
const saidOf = (element: HTMLElement) =>
  (element.getAttribute('aria-describedby') ?? '')
    .split(' ')
    .map((id) => document.getElementById(id)?.textContent ?? '')
    .join(' ');

it('asks at the address once the typing has paused, and says below the field what it found', async () => {
  const { person, checked } = drawSettings({}, { text: 'Ticket service 1.4 answers.' });
  const service = await box('Ticket service');
  await person.clear(service);
  await person.type(service, 'desk.example.org:50051');
  await waitFor(() => expect(saidOf(service)).toContain('Ticket service 1.4 answers.'));
  expect(checked.at(-1)?.team.ticketServiceAddress).toBe('desk.example.org:50051');
});

it('offers to ask again where something is wrong there', async () => {
  const { person, checked } = drawSettings({}, { tone: 'failure', code: 'refused', text: 'Nobody listens.' });
  await person.click(await screen.findByRole('button', { name: 'Check again' }));
  expect(checked).toHaveLength(2);
});

it('says what is wrong with an address when the person leaves it, and asks nowhere', async () => {
  const { person, checked } = drawSettings({ team: { ...team, ticketServiceAddress: '' } });
  const service = await box('Ticket service');
  await person.type(service, 'desk.example.org');
  expect(service.getAttribute('aria-invalid')).not.toBe('true');
  await person.tab();
  expect(screen.getByRole('alert').textContent).toContain('The port is missing');
  expect(saidOf(service)).toContain('The port is missing');
  expect(checked).toEqual([]);
});

it('says of a locked field by what it is set, and lets nobody type into it', async () => {
  drawSettings({
    lockedBy: {
      ticketServiceAddress: { variable: 'TICKET_SERVICE_ADDR' },
      nsqdAddress: { file: '/etc/ticket-desk/managed.json' },
    },
  });
  const service = await box('Ticket service');
  expect(service.disabled).toBe(true);
  expect(saidOf(service)).toContain('Set by TICKET_SERVICE_ADDR in the environment.');
  expect(saidOf(await box('NSQ (optional)'))).toContain(
    'Set by your organisation (/etc/ticket-desk/managed.json).',
  );
});

it('asks for certificates only with TLS, and takes the path of the file that is chosen', async () => {
  const { person } = drawSettings();
  await person.click(await screen.findByRole('button', { name: 'Choose: CA file' }));
  const caFile = await box('CA file');
  await waitFor(() => expect(caFile).toHaveProperty('value', '/etc/ssl/team.pem'));
  await person.click(screen.getByRole('checkbox', { name: 'to the ticket service' }));
  expect(screen.queryByRole('textbox', { name: 'CA file' })).toBeNull();
  expect(screen.getByText('Without TLS everybody on the way can read tickets and token.')).toBeTruthy();
});

it('hides a token while it is typed, saves it, and from then on says only that one is kept', async () => {
  const { person, save } = drawSettings();
  await box('Ticket service');
  expect(token().type).toBe('password');
  await person.type(token(), ' secret-of-16-chars ');
  await person.click(screen.getByRole('button', { name: 'Save and connect' }));
  expect(await screen.findByText('One is kept. It is not shown.')).toBeTruthy();
  expect(save).toHaveBeenCalledWith({ profile: 'team', team, token: 'secret-of-16-chars' });
  expect(screen.queryByLabelText('Token')).toBeNull();
});

it('removes a kept token when that is saved, and not before', async () => {
  const { person, save } = drawSettings({ hasToken: true });
  await person.click(await screen.findByRole('button', { name: 'Remove' }));
  expect(saidOf(token())).toContain('The kept one is removed when you save.');
  expect(save).not.toHaveBeenCalled();
});

it('sends a kept token to no other address', async () => {
  const { person } = drawSettings({ hasToken: true });
  await person.type(await box('Ticket service'), '{Backspace}');
  expect(saidOf(token())).toContain('The one kept for tickets.example.org:50051 is sent nowhere else.');
});

it('asks before it saves what does not work now', async () => {
  const { person, save } = drawSettings({}, { tone: 'failure', code: 'refused', text: 'Nobody listens.' });
  await person.type(await box('Ticket service'), '{Backspace}');
  await person.click(screen.getByRole('button', { name: 'Save and connect' }));
  const anyway = await screen.findByRole('button', { name: 'Save anyway' });
  expect(document.activeElement).toBe(anyway);
  expect(save).not.toHaveBeenCalled();
  await person.click(anyway);
  await waitFor(() => expect(save).toHaveBeenCalledTimes(1));
});

it('takes what the form of a move has saved for saved, and would not take it back', async () => {
  const { person, save } = drawSettings({
    profile: 'this-computer',
    team: { ...team, ticketServiceAddress: '' },
  });
  await person.click(await screen.findByRole('button', { name: 'Move tickets…' }));
  await person.type(await box('Ticket service'), 'tickets.example.org:50051');
  await person.click(screen.getByRole('button', { name: 'Move' }));
  await waitFor(() => expect(save).toHaveBeenCalledWith({ profile: 'this-computer', team }));
  const again = screen.getByRole('button', { name: 'Save and connect' });
  await waitFor(() => expect(again.getAttribute('aria-disabled')).toBe('true'));
});
