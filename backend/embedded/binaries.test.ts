import { expect, test } from 'vitest';
import { refuseUnquotable } from './binaries.ts';

test('a path that a shell would read otherwise is named, before the database is set up', () => {
  refuseUnquotable("/home/Smith, John/it's 50% #1/native");
  for (const path of ['/home/"x"', '/home/$HOME', '/home/`x`', '/home/a\\b'])
    expect(() => refuseUnquotable(path)).toThrow(`can't be started from ${path}: its path holds one of`);
});
