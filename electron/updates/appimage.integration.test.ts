/** Files that stand in for AppImages, replaced as at quitting; where the desk dies or the disk is full, in a process of its own. */
import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeEach, describe, expect, onTestFinished, test } from 'vitest';
import { removePartial, replaceAppImage } from './appimage.ts';

const bytes = 1_000_000;
/** A program that does this, of the length of a small AppImage. */
const program = (script: string) => `#!/bin/sh\n${script}\nexit 0\n${'#'.repeat(bytes)}`;
const old = program('echo old');

function freshFolder(parent: string): string {
  const folder = mkdtempSync(join(parent, 'desk-appimage-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  return folder;
}

describe.skipIf(process.platform !== 'linux')('an AppImage', () => {
  let folder: string;
  let appImage: string;
  let fetched: string;

  beforeEach(() => {
    folder = freshFolder(tmpdir());
    appImage = join(folder, 'ticket-desk-0.1.0-linux-x86_64.AppImage');
    writeFileSync(appImage, old, { mode: 0o750 });
    // Another file system, as a person's cache may be.
    fetched = join(freshFolder(existsSync('/dev/shm') ? '/dev/shm' : tmpdir()), 'fetched.AppImage');
  });

  const fetch = (script: string) => writeFileSync(fetched, program(script), { mode: 0o755 });
  const isOldAlone = () => {
    expect(readdirSync(folder)).toEqual(['ticket-desk-0.1.0-linux-x86_64.AppImage']);
    expect(readFileSync(appImage, 'utf8')).toBe(old);
    expect(execFileSync(appImage, { encoding: 'utf8' })).toBe('old\n');
  };

  /** In a process of its own, started by a shell's words. */
  function replaceInProcess(before: string) {
    const module = JSON.stringify(new URL('./appimage.ts', import.meta.url).href);
    const paths = [fetched, appImage].map((path) => JSON.stringify(path)).join(', ');
    const code = `import { replaceAppImage } from ${module}; replaceAppImage(${paths}, {});`;
    const node = [process.execPath, '--import', 'tsx', '--input-type=module', '--eval', code];
    return spawnSync('sh', ['-c', `${before} exec "$@"`, 'sh', ...node], { encoding: 'utf8' });
  }

  test('is replaced by the whole new one, tried out while the old one was there, with its name and rights', () => {
    const seen = join(freshFolder(tmpdir()), 'seen');
    fetch('[ "$APPIMAGE_EXIT_AFTER_INSTALL" = true ] || exit 1\ncp "$OLD" "$SEEN"\necho new');
    const published = readFileSync(fetched, 'utf8');
    const { ino } = statSync(appImage);
    replaceAppImage(fetched, appImage, { OLD: appImage, SEEN: seen, PATH: process.env.PATH ?? '' });
    expect(readFileSync(seen, 'utf8')).toBe(old);
    expect(readFileSync(appImage, 'utf8')).toBe(published);
    expect(statSync(appImage).mode & 0o7777).toBe(0o750);
    // Another file, not other bytes in the one that the running desk is mounted from.
    expect(statSync(appImage).ino).not.toBe(ino);
    expect(readdirSync(folder)).toHaveLength(1);
    expect(existsSync(fetched)).toBe(false);
  });

  test('stays as it is when the new one does not start', () => {
    fetch('exit 1');
    expect(() => replaceAppImage(fetched, appImage, {})).toThrow(/Command failed/);
    isOldAlone();
    expect(existsSync(fetched)).toBe(true);
  });

  test('stays as it is when there is no room for the new one', () => {
    fetch('echo new');
    // In blocks of 512 bytes: half of it can be written.
    const { status, stderr } = replaceInProcess(`ulimit -f ${Math.floor(bytes / 1024)};`);
    expect(stderr).toMatch(/EFBIG|ENOSPC/);
    expect(status).toBe(1);
    isOldAlone();
  });

  test('stays as it is when the desk is killed on the way, and what that leaves goes at the next start', () => {
    fetch('kill -9 $PPID');
    expect(replaceInProcess('').signal).toBe('SIGKILL');
    expect(readdirSync(folder)).toContain('.ticket-desk-0.1.0-linux-x86_64.AppImage.new');
    removePartial(appImage);
    isOldAlone();
  });
});
