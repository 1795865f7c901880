import fc from 'fast-check';
import { expect, test } from 'vitest';
import { openSecretBox, secretFromSigningKey } from './secret-box.ts';
import { createSigningKey } from './signing.ts';

const box = openSecretBox(new Uint8Array(32).fill(7));

test('what was closed is opened by the same key at the same place, and never twice the same box', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), fc.string(), (text, context) => {
      expect(box.open(box.close(text, context), context)).toBe(Buffer.from(text, 'utf8').toString('utf8'));
      expect(box.close(text, context)).not.toBe(box.close(text, context));
    }),
  );
});

test('another key, another place, one changed bit and any garbage open nothing', () => {
  const closed = box.close('watchlistDocument', 'view lane-1');
  expect(Buffer.from(closed, 'base64url').includes('watchlist')).toBe(false);
  expect(openSecretBox(new Uint8Array(32).fill(8)).open(closed, 'view lane-1')).toBeNull();
  expect(box.open(closed, 'view lane-2')).toBeNull();
  const bytes = Buffer.from(closed, 'base64url');
  for (let at = 0; at < bytes.length * 8; at += 1) {
    const changed = Buffer.from(bytes);
    changed[at >> 3] = (changed[at >> 3] ?? 0) ^ (1 << (at & 7));
    expect(box.open(changed.toString('base64url'), 'view lane-1')).toBeNull();
  }
  fc.assert(fc.property(fc.string(), (garbage) => box.open(garbage, '') === null));
  expect(() => openSecretBox(new Uint8Array(16))).toThrow(RangeError);
});

test('every holder of a signing key derives the same secret, another one for each purpose', () => {
  const { pem } = createSigningKey();
  expect(secretFromSigningKey(pem, 'feed')).toEqual(secretFromSigningKey(pem, 'feed'));
  expect(secretFromSigningKey(pem, 'feed')).not.toEqual(secretFromSigningKey(pem, 'other'));
  expect(secretFromSigningKey(createSigningKey().pem, 'feed')).not.toEqual(secretFromSigningKey(pem, 'feed'));
  expect(() => secretFromSigningKey('no key', 'feed')).toThrow();
});
