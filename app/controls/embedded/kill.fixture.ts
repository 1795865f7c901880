/** For kill.test.ts: decides and commits without end, and says on standard output what it has acknowledged. */
import { writeSync } from 'node:fs';
import { unwrap } from '../../contract/result.ts';
import { createSealingKey } from '../../crypto/sealing.ts';
import { createSigningKey } from '../../crypto/signing.ts';
import { fieldRules, specimenNotice, specimenRequest, specimenSeed } from '../test-kit.ts';
import { openEmbeddedControl } from './embedded-control.ts';

const dataDir = process.argv[2] ?? '';
const rules = fieldRules('exit');
const control = unwrap(
  await openEmbeddedControl({
    side: 'exit',
    dataDir,
    rules: { ...rules, presence: { ...rules.presence, enforced: false, whenUnderWay: 'accept' }, quotas: [] },
    signingKey: createSigningKey().key,
    sealTo: createSealingKey().key,
    secret: new Uint8Array(32).fill(7),
  }),
);
const [holder] = specimenSeed().holders;
const endorsements = [
  { ...holder!.endorsements[0]!, entries: 10_000, validFrom: '2020-01-01', validUntil: '2099-12-31' },
];
unwrap(control.seed(specimenSeed({ endorsements })));

for (;;) {
  const request = specimenRequest('exit', { atMs: Date.now(), document: { expiryDate: '2090-01-01' } });
  const { recordId } = request.evidence;
  const { word } = unwrap(control.handlePrepare(request)).body;
  // Written at once and unbuffered: a line that is out was acknowledged before the kill.
  writeSync(1, `${word} ${recordId}\n`);
  unwrap(control.handleNotice(specimenNotice('exit', 'commit', recordId), `${recordId}:commit`));
  writeSync(1, `commit ${recordId}\n`);
}
