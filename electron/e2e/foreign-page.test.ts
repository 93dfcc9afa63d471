/** What a page of another origin can do to the desk: nothing. */
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { endDesk, launchDesk, type RunningDesk } from './harness.ts';
import { type ForeignOrigin, openTestWindow, serveForeignOrigin } from './other-pages.ts';

let desk: RunningDesk;
let foreign: ForeignOrigin;

beforeAll(async () => {
  foreign = await serveForeignOrigin();
  desk = await launchDesk({ keepForSuite: true });
});
afterAll(async () => {
  foreign?.close();
  if (desk) await endDesk(desk);
});

/** Tries every way a page has to read from the desk or to make it do something. */
function attack(foreign: Page): Promise<string[]> {
  return foreign.evaluate(async () => {
    const body = JSON.stringify({
      query: 'mutation { createTicket(input: { title: "foreign", description: "", name: "x" }) { success } }',
    });
    const graphql = 'app://desk/graphql';
    const json = { 'content-type': 'application/json' };
    const guessed = { ...json, 'x-desk-token': 'guessed' };
    const attempts: Record<string, () => Promise<Response>> = {
      'program files': () => fetch('app://desk/'),
      post: () => fetch(graphql, { method: 'POST', headers: json, body }),
      'post with a token': () => fetch(graphql, { method: 'POST', headers: guessed, body }),
      'post without cors': () => fetch(graphql, { method: 'POST', mode: 'no-cors', body }),
      get: () => fetch(`${graphql}?query={healthCheck}`),
    };
    const succeeded: string[] = [];
    for (const [name, attempt] of Object.entries(attempts)) {
      const text = await attempt().then(
        (response) => response.text(),
        () => '',
      );
      if (text !== '' && !text.includes('UNAUTHENTICATED')) succeeded.push(`${name}: ${text}`);
    }
    const frame = document.createElement('iframe');
    frame.src = 'app://desk/';
    document.body.append(frame);
    await new Promise((resolve) => setTimeout(resolve, 200));
    try {
      if ((frame.contentDocument?.body.innerHTML ?? '') !== '') succeeded.push('frame');
    } catch {
      // Not readable: as it should be.
    }
    return succeeded;
  });
}

describe('a page of another origin', () => {
  const ticketsAndWaiting = () => desk.graphql('{ tickets { title } outbox { entries { title } } }');

  test('can neither read nor write from another session', async () => {
    const other = await openTestWindow(desk, { url: foreign.origin, partition: 'foreign' });
    expect(other.url()).toContain(foreign.origin);
    expect(await attack(other)).toEqual([]);
    await other.close();
    expect(JSON.stringify(await ticketsAndWaiting())).not.toContain('foreign');
  });

  test("is not loaded at all in the desk's own session", async () => {
    const other = await openTestWindow(desk, {
      url: `${foreign.origin}/own-session`,
      partition: 'persist:ticket-desk',
    });
    await other.close();
    expect(await foreign.asked()).not.toContain('GET /own-session');
  });

  // Up to Electron 39 such a page may read the desk's program files, which hold nothing of the person's.
  test("can neither read tickets nor write from the desk's own session, were it loaded there", async () => {
    await desk.app.evaluate(({ session }) =>
      session.fromPartition('persist:ticket-desk').webRequest.onBeforeRequest(null),
    );
    const other = await openTestWindow(desk, { url: foreign.origin, partition: 'persist:ticket-desk' });
    expect(other.url()).toContain(foreign.origin);
    expect((await attack(other)).filter((way) => !way.startsWith('program files:'))).toEqual([]);
    await other.close();
    expect(JSON.stringify(await ticketsAndWaiting())).not.toContain('foreign');
  });
});
