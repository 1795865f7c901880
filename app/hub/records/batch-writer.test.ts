import { randomUUID } from 'node:crypto';
import type { Pool } from 'pg';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { unwrap } from '../../contract/result.ts';
import { specimenRequest } from '../../controls/test-kit.ts';
import { canonicalBytes } from '../../crypto/canonical-json.ts';
import { sha256Hex } from '../../crypto/digest.ts';
import { createSigningKey } from '../../crypto/signing.ts';
import { answer, asked, createControls, identified, opening, traveller } from '../../record/crossing.fixture.ts';
import { type Change, decideCommit, decideEvent } from '../../record/decide.ts';
import { openedDoc } from '../../record/fold.ts';
import { type ChainRow, planChain } from '../../record/postgres/chain-plan.ts';
import { readChain } from '../../record/postgres/queries.ts';
import type { RecordDoc } from '../../record/record-doc.ts';
import type { RecordEnding, RecordFact } from '../../record/store.ts';
import { openHubDatabase } from '../database/open-database.ts';
import { openPortBench, type PortBench } from '../hub-bench.fixture.ts';
import { batchWriter, type ChangeJson } from './batch-writer.ts';
import { makeChain } from './lane-chains.ts';
import { finished, planSteps } from './plan-steps.ts';

const LANES = 6;
const controls = createControls();
const { key } = createSigningKey();
const context = () => ({
  key,
  keys: controls.keys,
  policy: { everyEntries: 4, everyMs: 60_000 },
  at: '2026-03-01T08:00:00.000Z',
});

let bench: PortBench | null = null;
beforeAll(async () => {
  bench = await openPortBench();
}, 60_000);
afterAll(() => bench?.dispose());

/** One lane's chain and record, planned ahead without a database. */
class PlannedLane {
  chain: ChainRow;
  doc: RecordDoc | null = null;
  version = 0;
  readonly who = traveller();

  constructor(chain: ChainRow) {
    this.chain = chain;
  }

  open(who = this.who): ChangeJson {
    const record = opening(who, randomUUID(), this.chain.chain);
    this.doc = openedDoc(record, context().at);
    this.version = 0;
    return this.#plan([{ event: { type: 'opened', opening: record }, before: null, after: this.doc }]);
  }

  step(...events: readonly (RecordFact | RecordEnding | 'commit')[]): ChangeJson {
    return this.#plan(
      events.map((event) => {
        const doc = this.doc as RecordDoc;
        const { at } = context();
        const decided =
          event === 'commit'
            ? decideCommit(doc, { keys: controls.keys, nowMs: Date.parse(at), clockToleranceMs: 0 }, at)
            : decideEvent(doc, event, at);
        const change = unwrap(decided) as Change;
        this.doc = change.after;
        return change;
      }),
    );
  }

  audit(callKey: string | null): ChangeJson {
    const plan = planChain(this.chain, context());
    plan.append({ type: 'audit', recordId: null, payload: { event: 'hubAway', owner: 'port', facts: {} } });
    return this.#keep(finished(this.chain, plan, callKey === null ? {} : { callKey }));
  }

  delivered(ids: readonly string[]): ChangeJson {
    const plan = planChain(this.chain, context());
    for (const id of ids) plan.append({ type: 'noticeDelivered', recordId: null, payload: { id } });
    return this.#keep(finished(this.chain, plan, { at: context().at, deliveredIds: ids }));
  }

  #plan(changes: readonly Change[]): ChangeJson {
    this.version += 1;
    return this.#keep(planSteps(this.chain, changes, this.version, context()));
  }

  #keep({ json, chain }: ReturnType<typeof finished>): ChangeJson {
    this.chain = chain;
    return json;
  }
}

/** Rounds of changes of different lanes: whole crossings, ends of other kinds, audit lines, and some that must be refused. */
function rounds(chains: readonly ChainRow[]): readonly (readonly ChangeJson[])[] {
  const lanes = chains.map((chain) => new PlannedLane(chain));
  const [first, second, third, ...rest] = lanes as [PlannedLane, PlannedLane, PlannedLane, ...PlannedLane[]];
  const crossing = [first, second, ...rest];
  const { evidence: specimen } = specimenRequest('exit');
  const face = specimen.face as NonNullable<typeof specimen.face>;
  const question = (lane: PlannedLane): Extract<RecordFact, { type: 'asked' }> => {
    const doc = lane.doc as RecordDoc;
    const record = opening(lane.who, doc.recordId, doc.laneId);
    const evidence = { ...asked(lane.who, record, new Date(context().at)).evidence, checks: specimen.checks, face };
    return { type: 'asked', evidence, evidenceDigest: sha256Hex(canonicalBytes(evidence)) };
  };
  const answered = (lane: PlannedLane, side: 'exit' | 'entry'): RecordFact => {
    const { recordId, evidenceDigest } = lane.doc as RecordDoc;
    const body = { side, recordId, evidenceDigest: evidenceDigest ?? '' };
    return { type: 'answered', answer: answer(controls[side], new Date(context().at), body) };
  };
  const stale = { ...first.chain, head_seq: 7 };
  return [
    crossing.map((lane) => lane.audit(randomUUID())),
    // The last one's traveller is in the first one's record.
    [...crossing.map((lane) => lane.open()), third.open(first.who)],
    crossing.map((lane) => lane.step(identified(lane.who))),
    // A head that never was, among good ones.
    [new PlannedLane({ ...stale, chain: third.chain.chain }).audit(null), ...crossing.map((lane) => lane.audit(null))],
    crossing.map((lane) => lane.step({ type: 'verified', face, checks: [] }, question(lane))),
    crossing.map((lane) => lane.step(answered(lane, 'exit'), answered(lane, 'entry'), 'commit')),
    crossing.map((lane) => lane.step({ type: 'lastDoorReleased', door: 3, passagesBefore: 1 })),
    crossing.map((lane, index) =>
      index === 1 ? lane.step({ type: 'voided', code: 'didNotPass' }) : lane.step({ type: 'passed', passagesAfter: 2 }),
    ),
    crossing.map((lane, index) => lane.delivered([`${index * 2 + 1}`, `${index * 2 + 2}`])),
    // Told twice by one lane: refused for it alone.
    crossing.map((lane, index) => (index === 0 ? lane.delivered(['1']) : lane.audit(null))),
  ];
}

/** Everything the changes have written, without what a database numbers by itself on the way to a refusal. */
async function written(pool: Pool): Promise<unknown> {
  const tables: Record<string, unknown> = {};
  for (const table of ['chains', 'journal', 'checkpoints', 'records', 'claims', 'answers', 'clearances', 'receipts']) {
    const { rows } = await pool.query(`SELECT * FROM ${table} t ORDER BY t::text`);
    tables[table] = rows;
  }
  const outbox = `SELECT record_id, side, step, notice, delivered_at, lane_id FROM outbox ORDER BY record_id, side, step`;
  tables.outbox = (await pool.query(outbox)).rows;
  tables.calls = (await pool.query('SELECT * FROM hub_calls ORDER BY lane_id, key')).rows;
  return tables;
}

test('changes written together are what they are one by one, and those refused are the same ones for the same reason', async (say) => {
  if (bench === null) return say.skip('no PostgreSQL here');
  const open = async () => {
    const connection = await (bench as PortBench).freshDatabase();
    return unwrap(await openHubDatabase(connection, { timeoutMs: 20_000, writers: 1 }));
  };
  const [grouped, single] = [await open(), await open()];
  const names = Array.from({ length: LANES }, (_, index) => `lane-${index}`);
  const chains: ChainRow[] = [];
  for (const name of names) {
    await makeChain(grouped.pool, name);
    const chain = (await readChain(grouped.pool, name)) as ChainRow;
    chains.push(chain);
    await single.pool.query('INSERT INTO chains SELECT * FROM json_populate_record(NULL::chains, $1)', [
      JSON.stringify(chain),
    ]);
  }
  const sent: string[] = [];
  const query = grouped.writers.query.bind(grouped.writers) as (config: { name: string }) => unknown;
  Object.assign(grouped.writers, {
    query: (config: { name: string }) => {
      sent.push(config.name);
      return query(config);
    },
  });
  const writer = batchWriter(grouped.writers, 1);
  const outcomes: string[][] = [];
  for (const batch of rounds(chains)) {
    const told = await Promise.all(
      batch.map((change) =>
        writer.write(change).then(
          () => 'written',
          (cause: { code: string }) => cause.code,
        ),
      ),
    );
    const text = 'SELECT code FROM apply_changes($1)';
    const { rows } = await single.pool.query<{ code: string | null }>(text, [JSON.stringify(batch)]);
    expect(told).toEqual(rows.map(({ code }) => code ?? 'written'));
    outcomes.push(told);
  }
  expect(await written(grouped.pool)).toEqual(await written(single.pool));
  // The table above is only worth something when both ways were gone, and something was refused on each.
  expect(sent.filter((name) => name === 'apply_together')).toHaveLength(10);
  expect(sent.filter((name) => name === 'apply_changes')).toHaveLength(3);
  expect(outcomes.flat().filter((outcome) => outcome !== 'written')).toEqual(['JG002', 'JG001', 'JG001']);
  await Promise.all([grouped.close(), single.close()]);
}, 60_000);

test('when nobody can say whether a batch was written, none of it is tried again', async () => {
  const asked: string[] = [];
  const pool = {
    query: async ({ name }: { name: string }) => {
      asked.push(name);
      throw Object.assign(new Error('Connection terminated unexpectedly'), { code: 'ECONNRESET' });
    },
  } as unknown as Pool;
  const writer = batchWriter(pool, 1);
  const change = (chain: string): ChangeJson => ({ head: { chain, seq: 1 }, entries: [], checkpoints: [] });
  const both = await Promise.allSettled([writer.write(change('a')), writer.write(change('b'))]);
  expect(both.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
  expect(asked).toEqual(['apply_together']);
});
