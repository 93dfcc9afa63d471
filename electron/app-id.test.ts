import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { appId } from './app-id.ts';

test('the app goes by the name that the installer gives to its shortcut', () => {
  const configuration = readFileSync(join(import.meta.dirname, '../electron-builder.yml'), 'utf8');
  expect(configuration.split('\n')).toContain(`appId: ${appId}`);
});
