/** A machine whose administrator keeps user namespaces from programs, as far as programs can tell. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** CLONE_NEWUSER of sched.h. */
const newUserNamespace = 0x10000000;
const notSupported = 38; // ENOSYS: glibc then takes clone instead of clone3, whose flags a filter can't see.

/**
 * Options of `docker run`. The helper of Chromium's sandbox runs as root and makes namespaces of other kinds: for that
 * root in a container lacks one right that it has elsewhere.
 * @param folder where the filter is written
 */
export function deniesUserNamespaces(folder: string): string[] {
  const file = join(folder, 'no-user-namespaces.json');
  const isAsked = { index: 0, value: newUserNamespace, valueTwo: newUserNamespace, op: 'SCMP_CMP_MASKED_EQ' };
  const filter = {
    defaultAction: 'SCMP_ACT_ALLOW',
    syscalls: [
      { names: ['clone', 'unshare'], action: 'SCMP_ACT_ERRNO', args: [isAsked] },
      { names: ['clone3'], action: 'SCMP_ACT_ERRNO', errnoRet: notSupported },
    ],
  };
  writeFileSync(file, JSON.stringify(filter));
  return ['--security-opt', `seccomp=${file}`, '--cap-add', 'SYS_ADMIN'];
}
