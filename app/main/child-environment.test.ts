import { expect, test } from 'vitest';
import { childEnvironment } from './child-environment.ts';

test('a child gets what it needs to run, and no secret or switch of ours', () => {
  const own = {
    PATH: '/bin',
    LANG: 'pt',
    NODE_OPTIONS: '--inspect',
    JOINTGATE_RELEASE_KEY: 'secret',
    MALLOC_ARENA_MAX: '64',
  };
  const given = childEnvironment(own);
  expect(given).toMatchObject({ PATH: '/bin', LANG: 'pt', MALLOC_ARENA_MAX: '2' });
  expect(Object.keys(given)).not.toContain('NODE_OPTIONS');
  expect(JSON.stringify(given)).not.toContain('secret');
});
