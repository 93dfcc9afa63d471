import { expect, test } from 'vitest';
import { externalLinkProblem, webLinkProblem } from './external-links.ts';

test.each(['https://github.com/electron/electron', 'https://www.postgresql.org/docs/'])(
  '%s may be opened',
  (address) => {
    expect(externalLinkProblem(address)).toBeNull();
  },
);

test.each([
  'http://github.com/',
  'https://github.com.evil.example/',
  'https://evil.example/github.com',
  'https://github.com@evil.example/',
  'https://me:secret@github.com/',
  'https://github.com:8443/',
  'file:///etc/passwd',
  'javascript:alert(1)',
  'smb://github.com/share',
  'app://desk/',
  'github.com',
  '',
])('%j is refused', (address) => {
  expect(externalLinkProblem(address)).toEqual(expect.any(String));
});

test.each(['https://example.org/toner?batch=7#list', 'http://intranet:8080/'])(
  '%s may be opened from a comment',
  (address) => {
    expect(webLinkProblem(address)).toBeNull();
  },
);

test.each([
  'https://me:secret@example.org/',
  'file:///etc/passwd',
  'javascript:alert(1)',
  'smb://host/share',
  'app://desk/',
  '',
])('%j is not opened from a comment', (address) => {
  expect(webLinkProblem(address)).toEqual(expect.any(String));
});
