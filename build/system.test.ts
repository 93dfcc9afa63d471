import { expect, test } from 'vitest';
import { findCommand, missingLibraries, systemIds } from './system.ts';

test('what ldd does not find is named', () => {
  const output = [
    '\tlinux-vdso.so.1 (0x00007ffd)',
    '\tlibgtk-3.so.0 => not found',
    '\tlibc.so.6 => /lib/x86_64-linux-gnu/libc.so.6 (0x00007f)',
    '\tlibnss3.so => not found',
  ].join('\n');
  expect(missingLibraries(output)).toEqual(['libgtk-3.so.0', 'libnss3.so']);
});

test('a system that is like Debian is told by its os-release', () => {
  expect(systemIds('PRETTY_NAME="Debian GNU/Linux 12"\nID=debian\n')).toEqual(['debian']);
  expect(systemIds('ID=linuxmint\nID_LIKE="ubuntu debian"\n')).toEqual(['linuxmint', 'ubuntu', 'debian']);
  expect(systemIds('ID=fedora\n')).toEqual(['fedora']);
});

test('a command is found on PATH by any of its names', () => {
  expect(findCommand('no-such-command', 'sh')).toMatch(/\/sh$/);
  expect(findCommand('no-such-command')).toBeNull();
});
