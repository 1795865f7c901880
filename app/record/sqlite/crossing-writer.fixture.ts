import { writeSync } from 'node:fs';
import type { Result } from '../../contract/result.ts';
import {
  type Controls,
  createControls,
  traveller,
  walkThrough,
  walkToAsked,
  walkToCommitted,
} from '../crossing.fixture.ts';
import type { JointRecordStore, RecordSnapshot, StoreError } from '../store.ts';
import { openSqliteRecordStore } from './client.ts';

// Run as a process of its own, to be killed: writes crossings without end and says on standard output, at once and
// unbuffered, what the store has acknowledged: `ack RECORD STATE`. Arguments: file, key file.
const [path = '', keyFile = ''] = process.argv.slice(2);
const controls: Controls = createControls();
const now = () => new Date();

const opened = await openSqliteRecordStore({
  path,
  laneSigningKey: { file: keyFile },
  controlKeys: controls.keys,
  clock: now,
});
if (!opened.ok) throw new Error(JSON.stringify(opened.error));
writeSync(1, `ready ${JSON.stringify(controls.keys)}\n`);
const store = saying(opened.value);
const walker = { store, controls, clock: { now, advance: () => undefined } };

for (;;) {
  await walkThrough(walker);
  const { record } = await walkToCommitted(walker);
  await store.end(record.recordId, { type: 'voided', code: 'didNotPass' });
  const referred = await walkToAsked(walker, traveller());
  await store.end(referred.record.recordId, { type: 'referred', owner: 'exit', code: 'noFace', checks: [] });
}

/** The same store, saying each acknowledgement before anybody else learns of it. */
function saying(inner: JointRecordStore): JointRecordStore {
  const say = async (reply: Promise<Result<RecordSnapshot, StoreError>>) => {
    const result = await reply;
    if (result.ok) writeSync(1, `ack ${result.value.recordId} ${result.value.state}\n`);
    return result;
  };
  return {
    ...inner,
    open: (input) => say(inner.open(input)),
    append: (recordId, fact) => say(inner.append(recordId, fact)),
    commit: (recordId) => say(inner.commit(recordId)),
    end: (recordId, ending) => say(inner.end(recordId, ending)),
  };
}
