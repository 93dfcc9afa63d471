/**
 * A clock that is set back must strand nothing: what is waited for is measured by performance.now(), which only goes
 * forward. The calendar's clock is for what is shown or stored, and each file that asks it stands here with its reason.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';

const root = join(import.meta.dirname, '..');

const mayAskTheCalendar: Record<string, string> = {
  'backend/bin/token.ts': 'the last day of a token',
  'backend/domain/search.ts': 'what a search means now',
  'backend/embedded/backups.ts':
    'the names of files, by which it is known whether the one of the day is there',
  'backend/probe/connect.ts': 'a certificate is good until a moment',
  'backend/proxy/client/calls.ts': 'grpc-js takes a deadline as a moment, and makes a timer of it',
  'backend/proxy/import/uploads.ts': 'which files nobody has asked for since they came, over starts',
  'backend/proxy/kept/hearing.ts': 'told: until when kept tickets were true',
  'backend/proxy/kept/kept-lists.ts': 'told: when a kept list was asked for',
  'backend/proxy/kept/kept-tickets.ts': 'told: until when kept tickets were true',
  'backend/proxy/kept/kept.ts': 'which of them were seen last, kept over starts',
  'backend/proxy/outbox/entry.ts': 'shown: the next try; and for how long an entry was on the disk',
  'backend/proxy/outbox/open-leveldb.ts': 'the name of a file',
  'backend/secrets.ts': 'a token is good until a day',
  'backend/ticket-service/store/backup/backup-tasks.ts': 'told: when a backup was made',
  'backend/ticket-service/grpc/import-tickets.ts':
    'stored: when something was said or done that tells no time',
  'backend/ticket-service/grpc/server-credentials.ts': 'a certificate is good until a moment',
  'backend/ticket-service/use-cases/create-tickets.ts': 'stored: when it was filed',
  'backend/token-file.ts': 'whether such a day is over, looked at anew every 2 s',
  'backend/traces/traced.ts': 'when a span began',
  'electron/settings.ts': 'the name of a file',
  'electron/updates/updates.ts':
    'the day of the last look, kept over starts; one that is to come counts as none',
  'proto/utc-time.ts': 'the moments that the contracts tell',
  'renderer/graphql/client.ts':
    'how long an answer was on its way, over a sleep, too, which no other clock counts',
  'renderer/state/change-history.ts': 'until when a change may be undone, kept over a reload',
  'renderer/state/changes.ts': 'the same',
  'renderer/state/clock.ts': 'shown, by the server’s clock',
  'renderer/state/live.tsx': 'shown: since when the server is away',
  'renderer/state/undo.ts': 'until when a change may be undone, kept over a reload',
};

const notShipped = /\.(test|contract)\.tsx?$|\/(testing|soak|bench|e2e|generated)\//;

it('is asked for no wait', () => {
  const found = ['backend', 'electron', 'renderer', 'proto'].flatMap((folder) =>
    readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
      .map((path) => `${folder}/${path.replaceAll('\\', '/')}`)
      .filter((path) => /\.tsx?$/.test(path) && !notShipped.test(path))
      .filter((path) => /\bDate\.now\b|\bnew Date\(\)/.test(readFileSync(join(root, path), 'utf8'))),
  );
  expect(found.sort()).toEqual(Object.keys(mayAskTheCalendar).sort());
});
