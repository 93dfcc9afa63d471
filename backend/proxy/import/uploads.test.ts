import { utimes } from 'node:fs/promises';
import { expect, it } from 'vitest';
import { testFolder } from '../../testing/test-folder.ts';
import { Uploads } from './uploads.ts';

it('lets go of files that came under a clock that was set back since', async () => {
  const folder = testFolder();
  const uploads = new Uploads(folder);
  const receive = (id: string) => uploads.receive(id, 0, new Blob(['title\n']).stream());
  const ahead = new Date(Date.now() + 24 * 60 * 60 * 1000);
  for (let n = 0; n < 20; n += 1) {
    await receive(`ahead-${n}`);
    await utimes(uploads.pathOf(`ahead-${n}`), ahead, ahead);
  }
  expect(await receive('next')).toBe(6);
});
