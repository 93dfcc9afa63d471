/** A create that can never succeed comes back to its author with the reason, and holds up nothing else. */
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { ClassicLevel } from 'classic-level';
import { expect, test } from 'vitest';
import { expectNothingWaits, freshFolder, launchConnectedDesk } from './harness.ts';
import { lookAt } from './looks.ts';

/** Puts creates into the outbox as a desk with other limits would have left them there. */
async function leaveInOutbox(userData: string, titles: readonly string[]): Promise<void> {
  const folder = join(userData, 'desk', 'outbox');
  await mkdir(folder, { recursive: true });
  const outbox = new ClassicLevel<string, string>(folder);
  for (const [sequence, title] of titles.entries()) {
    const requestId = `0198c5a7-3b1e-7c4d-8a2f-00000000000${sequence}`;
    const record = {
      sequence,
      title,
      description: 'Filed by a desk of another version.',
      name: 'Ada',
      createdAt: '2026-11-24T14:02:11.123456Z',
      state: 'QUEUED',
      attempts: 0,
      mayBeSent: false,
      lastError: null,
      lastErrorField: null,
    };
    await outbox.put(requestId, JSON.stringify(record), { sync: true });
  }
  await outbox.close();
}

test('a title that is too long fails with its reason, and is sent once it was mended', async () => {
  const userData = await freshFolder();
  const tooLong = 'Too long '.repeat(40).trim();
  await leaveInOutbox(userData, [tooLong, 'The one behind it', 'x'.repeat(300)]);
  const desk = await launchConnectedDesk({ userData });
  const { page } = desk;

  // What is behind it goes through.
  await expect
    .poll(async () => (await desk.graphql<{ tickets: { title: string }[] }>('{ tickets { title } }')).data)
    .toEqual({ tickets: [{ title: 'The one behind it' }] });
  const failed = page.getByRole('row', { name: tooLong });
  await expect.poll(() => failed.getAttribute('data-state')).toBe('FAILED');
  await page.getByRole('button', { name: /^Outbox/ }).click();
  const item = page.getByRole('listitem').filter({ hasText: 'Too long' });
  await item.getByText(/at most 200/).waitFor();
  await lookAt(desk, 'failed-create');

  // The service says the same again, until the text is another.
  await item.getByRole('button', { name: 'Try again' }).click();
  await item.getByText(/at most 200/).waitFor();
  await item.getByRole('button', { name: 'Edit' }).click();
  const form = page.getByRole('listitem').filter({ hasText: 'Save and send' });
  await form.getByLabel('Title').fill('Short enough');
  await form.getByRole('button', { name: 'Save and send' }).click();
  await expect
    .poll(() => page.getByRole('row', { name: 'Short enough' }).getAttribute('data-state'))
    .toBe('STORED');

  const other = page.getByRole('listitem').filter({ hasText: 'xxx' });
  await other.getByRole('button', { name: 'Discard' }).click();
  await other.getByRole('group').getByRole('button', { name: 'Discard' }).click();
  await page.getByText('Nothing waits').waitFor();
  await expectNothingWaits(desk);
});
