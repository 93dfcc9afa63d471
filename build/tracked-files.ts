/** Rules on the text of the files that git tracks, which no other tool looks at. */
import { execFileSync } from 'node:child_process';
import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';

const maxLines = 400;

interface TextRule {
  pattern: RegExp;
  /** Why, and what to do instead. */
  reason: string;
  /** Paths that it holds for. */
  paths: RegExp;
}

const textRules: TextRule[] = [
  {
    pattern: /\b(registry\.(npmjs\.org|yarnpkg\.com|npmmirror\.com)|npm\.pkg\.github\.com)\b/,
    reason: 'names a package registry: the person’s own npm configuration says which one is used',
    paths: /./,
  },
  {
    pattern: /(^|[\s"'`(=:])\/(work|root)\/[\w.]/,
    reason: 'names a folder of one machine: paths are relative, or come from the environment',
    paths: /./,
  },
  {
    pattern: /^\s*"resolved":/,
    reason: 'holds a download address: npm finds packages by name (set omit-lockfile-registry-resolved)',
    paths: /^package-lock\.json$/,
  },
  {
    pattern: /^(?:<{7}|>{7}) /,
    reason: 'holds both sides of a merge: keep what is right of them',
    paths: /./,
  },
];

const codePaths = /\.(ts|tsx|cjs|mjs|css|sql|graphql|proto)$/;

/** Each is one file, which others take over whole. */
const contracts: readonly string[] = ['backend/proxy/schema.graphql', 'proto/ticket_service.proto'];

/** What is wrong with a file, a line each; nothing when all is well. */
export function textProblems(path: string, text: string): string[] {
  const lines = text.split('\n');
  const problems = textRules
    .filter((rule) => rule.paths.test(path))
    .flatMap((rule) => {
      const index = lines.findIndex((line) => rule.pattern.test(line));
      return index < 0 ? [] : [`${path}:${index + 1} ${rule.reason}`];
    });
  const lineCount = text.endsWith('\n') ? lines.length - 1 : lines.length;
  if (codePaths.test(path) && !contracts.includes(path) && lineCount > maxLines) {
    problems.push(`${path} has ${lineCount} lines, more than ${maxLines}: split it by what changes together`);
  }
  return problems;
}

/** The paths of the files that git tracks and that are there. */
export function trackedFiles(root: string): string[] {
  const paths = execFileSync('git', ['ls-files', '-z'], { cwd: root, encoding: 'utf8' }).split('\0');
  const isThere = (path: string) => statSync(join(root, path), { throwIfNoEntry: false })?.isFile();
  return paths.filter((path) => path !== '' && isThere(path));
}

/** Looks at every file that git tracks; binary ones are passed over. */
export function trackedFileProblems(root: string): string[] {
  return trackedFiles(root).flatMap((path) => {
    const bytes = readFileSync(join(root, path));
    return bytes.includes(0) ? [] : textProblems(path, bytes.toString('utf8'));
  });
}
