/** What a person does with the installed app, and what must come of it. */
import { assert } from 'vitest';
import type { DeskSettings, DesktopBridge } from '../../proto/desktop-bridge.ts';
import { type Desk, isHelper, openDesk } from './installed-desk.ts';
import type { Machine } from './machine.ts';
import { eventually } from './steps.ts';

export interface User {
  /** Opens the app, whose version and sandbox must be right. */
  starts(version: string): Promise<void>;
  /** Files a ticket, and waits until it is stored. */
  files(title: string): Promise<void>;
  /** Kills the app and starts it again: every ticket is there, and one Postgres runs. */
  survivesKill(): Promise<void>;
  /** Saves a setting, types a new ticket without filing it, files one that can't be sent, and kills the app. */
  leavesWorkUndone(): Promise<void>;
  /** Starts the app after an upgrade: all of that is there, and what waited is stored. */
  findsAllAgain(version: string): Promise<void>;
  closes(): Promise<void>;
  /** The user's data, sorted. */
  dataPaths(): Promise<string[]>;
  /** Whether the path is the user's data. */
  owns(path: string): boolean;
}

const create = 'mutation ($input: NewTicket!) { createTicket(input: $input) { success } }';
const draftTitle = 'Typed and not filed';
const chosenAddress = 'desk.example.org:50051';

/** @param command how the user starts the app */
export function userOf(machine: Machine, { user, command }: { user: string; command: string }): User {
  let current: Desk | undefined;
  const titles: string[] = [];

  function desk(): Desk {
    if (!current) throw new Error('the app was not started');
    return current;
  }

  async function open(): Promise<void> {
    current = await openDesk(machine, user, command);
  }

  async function file(title: string): Promise<void> {
    const input = { title, description: 'Is it there?', name: user };
    const { createTicket } = await desk().graphql<{ createTicket: { success: boolean } }>(create, { input });
    assert(createTicket.success, 'createTicket did not succeed');
    titles.push(title);
  }

  async function allStoredOnce(): Promise<void> {
    await eventually(`the tickets ${titles.join(', ')}`, async () => {
      const { tickets } = await desk().graphql<{ tickets: { title: string }[] }>('{ tickets { title } }');
      const found = tickets.map(({ title }) => title).sort();
      return found.join() === [...titles].sort().join() ? true : null;
    });
  }

  /** Postgres itself, without the processes that it makes for its own work. */
  async function postmasters(): Promise<number[]> {
    const all = await machine.processesOf(user);
    return all.filter((one) => /bin\/postgres -D /.test(one.command)).map(({ pid }) => pid);
  }

  async function checkSandbox(): Promise<void> {
    const all = await machine.processesOf(user);
    assert(!all.some((one) => one.command.includes('--no-sandbox')), 'it runs with --no-sandbox');
    const renderers = all.filter((one) => one.command.includes('--type=renderer'));
    assert(renderers.length > 0, 'it has no renderer');
    const main = all.find((one) => !isHelper(one) && one.command.includes('--remote-debugging-port'));
    for (const one of renderers) {
      const holds =
        one.seccomp === 2 &&
        one.noNewPrivileges &&
        one.pidNamespaceDepth > (main?.pidNamespaceDepth ?? Number.POSITIVE_INFINITY);
      assert(holds, `a renderer is in no sandbox: ${JSON.stringify({ one, main })}`);
    }
  }

  async function starts(version: string): Promise<void> {
    await open();
    const found = await desk().appVersion();
    assert(found === version, `it is version ${found}, not ${version}`);
    await checkSandbox();
    await allStoredOnce();
  }

  async function saveSetting(): Promise<void> {
    await desk().page.evaluate(async (ticketServiceAddress) => {
      const bridge = (window as unknown as { desk: DesktopBridge }).desk;
      const boot = await bridge.boot();
      if (!boot.ok) throw new Error(boot.error.message);
      const { profile, team } = boot.value.settings;
      const saved = await bridge.saveSettings({ profile, team: { ...team, ticketServiceAddress } });
      if (!saved.ok) throw new Error(saved.error.message);
    }, chosenAddress);
  }

  function readSettings(): Promise<DeskSettings> {
    return desk().page.evaluate(async () => {
      const boot = await (window as unknown as { desk: DesktopBridge }).desk.boot();
      if (!boot.ok) throw new Error(boot.error.message);
      return boot.value.settings;
    });
  }

  async function typeDraft(): Promise<void> {
    const { page } = desk();
    await page.keyboard.press('Control+n');
    await page.locator('[data-field="title"]').fill(draftTitle);
    await page.waitForSelector('[data-keeping="kept"]');
  }

  /** Creates then wait: the ticket service takes nothing any more, and does not say so. @returns what ends it */
  async function holdTicketService(): Promise<() => Promise<unknown>> {
    const all = await machine.processesOf(user);
    const service = all.find((one) => one.command.includes('node.mojom.NodeService'));
    if (!service) throw new Error('the ticket service does not run');
    await machine.sh(`kill -STOP ${service.pid}`);
    return () => machine.sh(`kill -9 ${service.pid}`);
  }

  async function kill(): Promise<void> {
    await desk().kill();
    current = undefined;
  }

  return {
    starts,
    async files(title) {
      await file(title);
      await allStoredOnce();
    },
    async survivesKill() {
      await kill();
      await open();
      await allStoredOnce();
      const running = await postmasters();
      assert(running.length === 1, `${running.length} Postgres run`);
    },
    async leavesWorkUndone() {
      await saveSetting();
      await typeDraft();
      const endTicketService = await holdTicketService();
      await file('Waits to be sent');
      const { outbox } = await desk().graphql<{ outbox: { waiting: number } }>('{ outbox { waiting } }');
      assert(outbox.waiting === 1, `${outbox.waiting} creates wait`);
      await kill();
      // Held, it can't notice that the app is gone.
      await endTicketService();
    },
    async findsAllAgain(version) {
      await starts(version);
      const { team } = await readSettings();
      assert(team.ticketServiceAddress === chosenAddress, `the address is ${team.ticketServiceAddress}`);
      const { page } = desk();
      // The form that stood open is open again.
      await page.getByRole('heading', { name: 'New ticket' }).waitFor();
      const kept = await page.locator('[data-field="title"]').inputValue();
      assert(kept === draftTitle, `the draft is "${kept}"`);
    },
    async closes() {
      await desk().close();
      current = undefined;
    },
    dataPaths: async () => (await machine.paths()).filter((path) => path.startsWith(`/home/${user}/`)).sort(),
    owns: (path) => new RegExp(`^/home/${user}/\\.(config|cache|local)(/|$)`).test(path),
  };
}
