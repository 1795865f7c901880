import { expect, test } from 'vitest';
import { auditLock, readLock } from './audit-dependencies.ts';

const good = {
  version: '1.0.0',
  resolved: 'https://registry.npmjs.org/a/-/a-1.0.0.tgz',
  integrity: 'sha512-AAAA',
  license: 'MIT',
};
const problems = (entry: object) =>
  auditLock({ lockfileVersion: 3, packages: { '': {}, 'node_modules/b/node_modules/a': { ...good, ...entry } } }).map(
    ({ problem }) => problem,
  );

test('what goes into the package has digests, known scripts and licences that fit', () => {
  expect(auditLock(readLock()).filter(({ shipped }) => shipped)).toEqual([]);
});

test('a package without a digest, from elsewhere, with a script, under another licence, or given up is named', () => {
  expect(problems({})).toEqual([]);
  expect(problems({ integrity: undefined })).toEqual(['has no SHA-512 digest']);
  expect(problems({ resolved: 'git+ssh://git@host/a.git#1' })[0]).toContain('comes from git');
  expect(problems({ hasInstallScript: true })[0]).toContain('runs a script');
  expect(problems({ license: 'GPL-3.0-only' })).toEqual(['is under GPL-3.0-only']);
  expect(problems({ deprecated: 'use b' })[0]).toContain('given up');
});
