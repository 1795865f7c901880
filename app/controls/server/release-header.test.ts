import { expect, test } from 'vitest';
import { type ControlRelease, prepareRequestSchema } from '../../contract/control-protocol.ts';
import { ROUTES, readReleaseHeader, releaseHeaderOf } from '../protocol/routes.ts';
import { specimenRequest } from '../test-kit.ts';

const request = specimenRequest('entry');
const release: ControlRelease = {
  side: 'entry',
  recordId: request.evidence.recordId,
  grants: [
    {
      releaseOf: '1b9f3a52-6f0e-4f0e-9a52-6f0e4f0e9a52',
      officers: ['N2001', 'N2002'],
      reasonCode: 'identityConfirmed',
      at: '2026-03-02T03:59:50.000Z',
      reason: { code: 'watchlistName', rule: 'watchlist.w1', silent: true },
      checks: [],
    },
  ],
};

test('a release goes in a header of its own, and comes out as it went in', () => {
  expect(readReleaseHeader(releaseHeaderOf(release))).toEqual(release);
});

test.each([
  ['', 'nothing'],
  ['%%%', 'no base64url'],
  [Buffer.from('{').toString('base64url'), 'no JSON'],
  [Buffer.from('{}').toString('base64url'), 'no release'],
  [
    releaseHeaderOf({ ...release, grants: [{ ...release.grants[0]!, officers: ['N2001', 'N2001'] }] }),
    'one officer twice',
  ],
  [releaseHeaderOf({ ...release, grants: [] }), 'no grant'],
  ['A'.repeat(8_193), 'too long'],
])('%s is no release: %s', (text) => {
  expect(readReleaseHeader(text)).toBeNull();
});

test('the body is what a control that knows of no release has always read', () => {
  const { release: _release, ...body } = { ...request, release };
  expect(ROUTES.prepare.body.safeParse(body).success).toBe(true);
  expect(ROUTES.prepare.body.safeParse({ ...body, release }).success).toBe(false);
  // In the same process it comes as one.
  expect(prepareRequestSchema.safeParse({ ...body, release }).success).toBe(true);
});
