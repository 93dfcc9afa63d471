/** The packed and hardened app on another machine, driven through Chromium's debugging port. */
import type { Page } from 'playwright-core';
import type { DesktopBridge } from '../../proto/desktop-bridge.ts';
import type { Machine } from './machine.ts';
import { connectToDesk } from './packed-desk.ts';
import { eventually } from './steps.ts';

export interface Desk {
  page: Page;
  appVersion(): Promise<string>;
  /** @throws on anything but data. */
  graphql<T>(query: string, variables?: object): Promise<T>;
  /** As a person does: closes the window, and waits until nothing runs any more. */
  close(): Promise<void>;
  /** kill -9 of the app itself; what it had started is left to end or not. */
  kill(): Promise<void>;
}

const userData = (user: string) => `/home/${user}/.config/Ticket Desk`;

/** Starts the app as a user and waits until its page is there. @param command how the user starts it */
export async function openDesk(machine: Machine, user: string, command: string): Promise<Desk> {
  const portFile = `${userData(user)}/DevToolsActivePort`;
  await machine.sh(`rm -f '${portFile}'`);
  await machine.start(user, `${command} --remote-debugging-port=0`);
  const failed = async (thrown: Error) => {
    throw new Error(`${thrown.message}\n${await machine.sh(`tail -n 20 /tmp/${user}.log`)}`);
  };
  const port = await eventually(
    'the window',
    async () => {
      const [line] = (await machine.sh(`cat '${portFile}' 2>/dev/null || true`)).split('\n');
      return line || null;
    },
    30_000,
  ).catch(failed);
  const { browser, page } = await connectToDesk(port).catch(failed);
  page.setDefaultTimeout(30_000);
  await page.getByRole('navigation', { name: 'Views' }).waitFor();

  const mainProcess = async () => {
    const all = await machine.processesOf(user);
    const main = all.find((one) => one.command.includes('--remote-debugging-port=0') && !isHelper(one));
    if (!main) throw new Error('the app does not run');
    return main;
  };

  return {
    page,
    graphql: (query, variables = {}) => graphqlIn(page, query, variables),
    appVersion: async () => (await bootOf(page)).appVersion,
    async close() {
      await page.close();
      await browser.close();
      await eventually(
        'the end of everything that the app had started',
        async () => ((await machine.processesOf(user)).length === 0 ? true : null),
        40_000,
      );
    },
    async kill() {
      const { pid } = await mainProcess();
      // Not closed by Playwright: that waits half a minute for an answer to its goodbye.
      const disconnected = new Promise((resolve) => browser.once('disconnected', resolve));
      await machine.sh(`kill -9 ${pid}`);
      await disconnected;
      await eventually('the end of the app', async () =>
        (await machine.processesOf(user)).some((one) => one.pid === pid) ? null : true,
      );
    },
  };
}

export function isHelper({ command }: { command: string }): boolean {
  return command.includes('--type=');
}

function bootOf(page: Page) {
  return page.evaluate(async () => {
    const { desk } = window as unknown as { desk: DesktopBridge };
    const boot = await desk.boot();
    if (!boot.ok) throw new Error(boot.error.message);
    return boot.value;
  });
}

async function graphqlIn<T>(page: Page, query: string, variables: object): Promise<T> {
  const { graphqlToken } = await bootOf(page);
  const { data, errors } = await page.evaluate(
    async ({ token, body }) => {
      const response = await fetch('/graphql', {
        method: 'POST',
        headers: { 'content-type': 'application/json', 'x-desk-token': token },
        body: JSON.stringify(body),
      });
      return response.json();
    },
    { token: graphqlToken, body: { query, variables } },
  );
  if (!data || errors) throw new Error(`GraphQL answered: ${errors?.[0]?.message}`);
  return data;
}
