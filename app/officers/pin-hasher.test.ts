import { expect, test } from 'vitest';
import { unwrap } from '../contract/result.ts';
import { PinHasher } from './pin-hasher.ts';

const hasher = new PinHasher(new Uint8Array(32).fill(7));

test('a PIN is known again by the same secret only, and its hash names the cost', async () => {
  const hash = unwrap(await hasher.hash('481516'));
  expect(hash).toMatch(/^\$argon2id\$v=19\$m=65536,t=3,p=1\$/);
  expect(hash).not.toContain('481516');
  expect(await hasher.verify('481516', hash)).toEqual({ ok: true, value: true });
  expect(await hasher.verify('481517', hash)).toEqual({ ok: true, value: false });
  const stranger = new PinHasher(new Uint8Array(32).fill(8));
  expect(await stranger.verify('481516', hash)).toEqual({ ok: true, value: false });
});

test('two hashes of one PIN differ', async () => {
  expect(await hasher.hash('481516')).not.toEqual(await hasher.hash('481516'));
});

test('a crowd is turned away, a broken hash is a failure, never a yes', async () => {
  const many = await Promise.all(Array.from({ length: 12 }, () => hasher.verify('1', '$argon2id$broken')));
  expect(many.filter(({ ok }) => ok)).toEqual([]);
  expect(many.filter((result) => !result.ok && result.error.code === 'busy')).toHaveLength(4);
  expect(many[0]).toEqual({ ok: false, error: { code: 'hashFailed' } });
});
