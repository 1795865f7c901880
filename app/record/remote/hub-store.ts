import { randomUUID } from 'node:crypto';
import type { z } from 'zod';
import { auditAnswerSchema, HUB_PROTOCOL_VERSION, LANE_PATHS, lifeAnswerSchema } from '../../contract/hub-protocol.ts';
import { err, ok, type Result } from '../../contract/result.ts';
import type { JointRecordStore, LaneLife, RecordSnapshot, ReferralMaterialStore, StoreError } from '../store.ts';
import type { HubCall, HubCallError, HubClient } from './hub-client.ts';
import {
  dayFiguresSchema,
  liveRecordsSchema,
  materialSchema,
  outboxSchema,
  type RecordStep,
  recordSnapshotSchema,
  stepsAnswerSchema,
  storeErrorSchema,
} from './wire.ts';

export interface HubStoreOptions {
  readonly client: HubClient;
  readonly laneId: string;
  /** Name and version of this software, for the hub's list of lanes. */
  readonly software: string;
}

export interface HubRecordStore extends JointRecordStore, ReferralMaterialStore {
  /**
   * Several changes of one record in one request, one after the other in one transaction until one is refused. Gives the
   * record after those that were done; `refusal` says why the next one was not.
   */
  steps(
    recordId: string,
    steps: readonly RecordStep[],
  ): Promise<Result<{ record: RecordSnapshot; done: number; refusal: StoreError | null }, StoreError>>;
  /** Marks many notices at once. */
  noticesDelivered(ids: readonly number[]): Promise<Result<void, StoreError>>;
}

/** `storeFailed` details that begin so are the hub's absence, not its refusal: another try later may succeed. */
export const HUB_AWAY = 'hubAway';

/**
 * The port's joint record for one lane, over the network. The lane's life begins with the first call (or with `beginLife`)
 * and is named in every one; when a call fails as `storeFailed hubAway` its outcome is unknown: read to learn it.
 */
export function openHubRecordStore({ client, laneId, software }: HubStoreOptions): HubRecordStore {
  let begun: Promise<Result<LaneLife, StoreError>> | null = null;
  let closed = false;

  const beginLife = async (): Promise<Result<LaneLife, StoreError>> => {
    const answered = await send({
      method: 'POST',
      path: LANE_PATHS.life,
      body: { version: HUB_PROTOCOL_VERSION, software },
      life: null,
      answer: lifeAnswerSchema,
    });
    if (!answered.ok) return answered;
    return answered.value === null ? noAnswer() : ok({ laneId, life: answered.value.life });
  };

  const life = async (by: LaneLife | undefined): Promise<Result<number, StoreError>> => {
    if (by !== undefined) return by.laneId === laneId ? ok(by.life) : failed('another lane’s life');
    begun ??= beginLife();
    const known = await begun;
    if (!known.ok) begun = null;
    return known.ok ? ok(known.value.life) : known;
  };

  const send = async <T>(call: HubCall<T>): Promise<Result<T | null, StoreError>> => {
    if (closed) return failed('closed: the store was closed');
    const answered = await client.call(call);
    return answered.ok ? ok(answered.value.value) : err(storeErrorOf(answered.error));
  };

  const ask = async <T>(
    method: HubCall<T>['method'],
    path: string,
    body: unknown,
    answer: z.ZodType<T>,
    by?: LaneLife,
  ): Promise<Result<T, StoreError>> => {
    if (closed) return failed('closed: the store was closed');
    const number = await life(by);
    if (!number.ok) return number;
    const answered = await send({ method, path, body, life: number.value, answer });
    if (!answered.ok) return answered;
    return answered.value === null ? noAnswer() : ok(answered.value);
  };

  const tell = async (
    method: HubCall<never>['method'],
    path: string,
    body: unknown,
  ): Promise<Result<void, StoreError>> => {
    if (closed) return failed('closed: the store was closed');
    const number = await life(undefined);
    if (!number.ok) return number;
    const answered = await send({ method, path, body, life: number.value, answer: null });
    return answered.ok ? ok() : answered;
  };

  const steps = (recordId: string, list: readonly RecordStep[], by?: LaneLife) =>
    ask('POST', pathOf(LANE_PATHS.steps, recordId), { steps: list }, stepsAnswerSchema, by);
  const step = async (
    recordId: string,
    one: RecordStep,
    by?: LaneLife,
  ): Promise<Result<RecordSnapshot, StoreError>> => {
    const done = await steps(recordId, [one], by);
    return done.ok ? ok(done.value.record) : done;
  };
  const mark = (marks: { delivered?: readonly number[]; failed?: readonly number[]; refused?: readonly object[] }) =>
    tell('POST', LANE_PATHS.outboxMarks, { delivered: [], failed: [], refused: [], ...marks });

  return {
    beginLife: async (of) => {
      if (of !== laneId) return failed('another lane’s life');
      const next = beginLife();
      const known = await next;
      // Of several that begin at once the latest number is this process's.
      const now = begun === null ? null : await begun;
      if (known.ok && (now === null || !now.ok || now.value.life < known.value.life)) begun = next;
      return known;
    },
    open: (input, by) => ask('POST', LANE_PATHS.records, input, recordSnapshotSchema, by),
    append: (recordId, fact, by) => step(recordId, { step: 'append', fact }, by),
    commit: (recordId, by) => step(recordId, { step: 'commit' }, by),
    end: (recordId, ending, by) => step(recordId, { step: 'end', ending }, by),
    steps: (recordId, list) => steps(recordId, list),
    audit: async (entry) => {
      const written = await ask('POST', LANE_PATHS.audit, { key: randomUUID(), entry }, auditAnswerSchema);
      return written.ok ? ok(written.value.seq) : written;
    },
    read: (recordId) => ask('GET', pathOf(LANE_PATHS.record, recordId), null, recordSnapshotSchema),
    live: async (of) => {
      if (of !== laneId) return failed('another lane’s records');
      const found = await ask('GET', LANE_PATHS.live, null, liveRecordsSchema);
      return found.ok ? ok(found.value.records) : found;
    },
    outbox: async (side, limit) => {
      const path = `${LANE_PATHS.outbox}?side=${side}&limit=${limit}`;
      const found = await ask('GET', path, null, outboxSchema);
      return found.ok ? ok(found.value.notices) : found;
    },
    noticeDelivered: (id) => mark({ delivered: [id] }),
    noticesDelivered: (ids) => mark({ delivered: ids }),
    noticeFailed: (id) => mark({ failed: [id] }),
    noticeRefused: (id, code) => mark({ refused: [{ id, code: code.slice(0, 64) }] }),
    figures: async (of, sinceIso) => {
      if (of !== laneId) return failed('another lane’s figures');
      return ask('GET', `${LANE_PATHS.figures}?since=${encodeURIComponent(sinceIso)}`, null, dayFiguresSchema);
    },
    checkpoint: () => tell('POST', LANE_PATHS.checkpoint, {}),
    keepMaterial: (recordId, sealed) => tell('PUT', pathOf(LANE_PATHS.material, recordId), { sealed }),
    material: async (recordId) => {
      const found = await ask('GET', pathOf(LANE_PATHS.material, recordId), null, materialSchema);
      return found.ok ? ok(found.value.sealed) : found;
    },
    close: async () => {
      closed = true;
      client.close();
    },
  };
}

function storeErrorOf(error: HubCallError): StoreError {
  switch (error.code) {
    case 'hubAway':
      return { code: 'storeFailed', detail: `${HUB_AWAY}: ${error.detail}` };
    case 'answerInvalid':
      return { code: 'storeFailed', detail: `hubAnswerInvalid: ${error.detail}` };
    case 'refused': {
      const { problem } = error;
      const refusal = storeErrorSchema.safeParse(problem.refusal);
      if (refusal.success) return refusal.data;
      const where = problem.problems?.[0] ?? '';
      if (problem.code === 'requestMalformed') return { code: 'storeFailed', detail: `invalidInput: ${where}` };
      return { code: 'storeFailed', detail: `hubRefused: ${problem.code} ${where}`.trim() };
    }
  }
}

function failed(detail: string): Result<never, StoreError> {
  return err({ code: 'storeFailed', detail });
}

function noAnswer(): Result<never, StoreError> {
  return failed('hubAnswerInvalid: no content');
}

/** A text that is no UUID is put into the path as such a thing can be; the hub then refuses it. */
function pathOf(path: string, recordId: string): string {
  return path.replace(':id', encodeURIComponent(recordId));
}
