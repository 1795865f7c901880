import { expect, test } from 'vitest';
import { judgeDocument } from './judge-document.ts';

test('a failed check refers to the exit side and names every failure; what was not done is no failure', () => {
  expect(judgeDocument([{ id: 'chipAccess', outcome: 'notDone', reason: 'noChipReader' }])).toBeNull();
  expect(
    judgeDocument([
      { id: 'signerChain', outcome: 'failed', reason: 'unknownIssuer' },
      { id: 'documentValidity', outcome: 'failed', reason: 'expired' },
    ]),
  ).toEqual({ code: 'documentCheckFailed', owner: 'exit', failed: ['documentValidity', 'signerChain'] });
});
