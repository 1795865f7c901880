import { AUDIT_EVENTS, type AuditEventId, type AuditFacts } from '../contract/audit-events.ts';
import { err, ok, type Result } from '../contract/result.ts';
import { openSecretBox, type SecretBox, secretFromSigningKey } from '../crypto/secret-box.ts';
import { loadSigningKey } from '../crypto/signing.ts';
import { Officers } from '../officers/officers.ts';
import type { Accounts } from '../officers/open-accounts.ts';
import type { CheckpointPolicy } from '../record/checkpoint.ts';
import type { ControlKeys } from '../record/clearance-check.ts';
import { HubSeats } from './console/hub-seats.ts';
import { portQueries } from './console/port-search.ts';
import { type HubConnection, openHubDatabase } from './database/open-database.ts';
import { Documents } from './distribution/documents.ts';
import { LaneActions } from './feed/lane-actions.ts';
import { LaneViews } from './feed/lane-views.ts';
import { HubNotices } from './feed/notices.ts';
import { CollectedJournals } from './journals/collected-journals.ts';
import { PortRecords } from './records/port-records.ts';
import { createConsoleDoor } from './server/console-door.ts';
import type { Door } from './server/door.ts';
import type { HubParts } from './server/hub-parts.ts';
import { createLaneDoor } from './server/lane-door.ts';

export interface HubDoor {
  readonly host: string;
  /** 0 takes any free port. */
  readonly port: number;
}

export interface HubOptions {
  readonly connection: HubConnection;
  /** Limit of one query, milliseconds. */
  readonly queryTimeoutMs?: number;
  /** PEM of the hub's certificate and key, and of the authority that signs the lanes' certificates. */
  readonly tls: { readonly cert: string; readonly key: string; readonly laneCa: string };
  readonly lanes: HubDoor;
  /** The console's port, if there is to be one: accounts, pages, and the port's document key for searches. */
  readonly console?: HubDoor & {
    readonly accounts: Accounts;
    readonly pages: string | null;
    /** What the port's document numbers are hashed with, for searches by document; null: none. */
    readonly documentKey: Uint8Array | null;
  };
  /** The port's Ed25519 key that signs checkpoints and receipts; PKCS#8 PEM. */
  readonly signingKeyPem: string;
  /** Every key the controls of this port's lanes may sign with. */
  readonly controlKeys: ControlKeys;
  readonly clock?: () => Date;
  readonly checkpoint?: CheckpointPolicy;
  readonly writers?: number;
  readonly onFault?: (error: unknown) => void;
}

export interface Hub {
  readonly lanePort: number;
  readonly consolePort: number | null;
  readonly parts: HubParts;
  /** Takes nothing new, ends what is under way, signs what is unsigned. */
  close(): Promise<void>;
}

export type OpenHubError =
  | { readonly code: 'databaseFailed'; readonly detail: string }
  | { readonly code: 'listenFailed'; readonly detail: string };

const QUERY_TIMEOUT_MS = 5_000;
const REQUEST_TIMEOUT_MS = 10_000;
const PASS_ON_MS = 30_000;
const FEED_PURPOSE = 'jointgate hub feed v1';
const MAX_LANE_CONNECTIONS = 2_000;
const MAX_CONSOLE_CONNECTIONS = 1_000;

/** One hub of a port. Everything it knows is in PostgreSQL: any number of them may run beside each other. */
export async function openHub(options: HubOptions): Promise<Result<Hub, OpenHubError>> {
  const { connection, clock = () => new Date(), writers = 1, onFault = () => undefined } = options;
  const timeoutMs = options.queryTimeoutMs ?? QUERY_TIMEOUT_MS;
  const opened = await openHubDatabase(connection, { timeoutMs, writers });
  if (!opened.ok) return opened;
  const database = opened.value;
  const records = new PortRecords({
    database,
    signingKey: loadSigningKey(options.signingKeyPem),
    controlKeys: options.controlKeys,
    clock,
    writers,
    ...(options.checkpoint === undefined ? {} : { checkpoint: options.checkpoint }),
  });
  const notices = new HubNotices(connection);
  await notices.start();
  // Every hub of the port has its signing key, and nobody else: the database and its backups keep what they cannot read (G5, G6).
  const feedBox = tellingOnce(openSecretBox(secretFromSigningKey(options.signingKeyPem, FEED_PURPOSE)), () =>
    onFault(
      new Error('what another hub has kept does not open here: all hubs of a port have one keys/port-signing.pem'),
    ),
  );
  const parts: HubParts = {
    records,
    documents: new Documents(database.pool, records, clock),
    journals: new CollectedJournals(database.pool, records),
    views: new LaneViews(database.pool, notices, feedBox),
    actions: new LaneActions(database.pool, notices, feedBox),
  };
  const doors: Door[] = [];
  let passing: NodeJS.Timeout | null = null;
  const note = (event: AuditEventId, facts: AuditFacts): void => {
    const { owner } = AUDIT_EVENTS[event];
    void records.portAudit({ event, recordId: null, owner, facts }).then((noted) => {
      if (!noted.ok) onFault(new Error(`a line about officers could not be written: ${noted.error.code}`));
    });
  };
  const openConsole = ({
    accounts,
    pages,
    documentKey,
    ...place
  }: NonNullable<HubOptions['console']>): Promise<Door> => {
    const officers = new Officers({
      store: accounts.store,
      hasher: accounts.hasher,
      clock: { nowMs: () => clock().getTime(), monotonicMs: () => performance.now() },
      note,
    });
    // What administrators did by command line waits in the accounts' store for somebody who writes the journal.
    const passOn = (): Promise<void> =>
      officers.passOnPending(async (event, facts) => {
        const { owner } = AUDIT_EVENTS[event];
        return (await records.portAudit({ event, recordId: null, owner, facts })).ok;
      });
    passing = setInterval(() => void passOn().catch(onFault), PASS_ON_MS);
    passing.unref();
    const { views, actions, documents } = parts;
    const seats = new HubSeats({
      officers,
      views,
      actions,
      queries: portQueries({ pool: database.pool, documentKey, note }),
    });
    const { cert, key } = options.tls;
    const door = { ...place, cert, key, clientCa: null, requestTimeoutMs: REQUEST_TIMEOUT_MS, onFault };
    return createConsoleDoor({ ...door, maxConnections: MAX_CONSOLE_CONNECTIONS }, { seats, documents, pages });
  };
  const close = async (): Promise<void> => {
    if (passing !== null) clearInterval(passing);
    await Promise.all(doors.map((door) => door.close()));
    await records.close();
    await notices.close();
    await database.close();
  };
  try {
    const lanes = createLaneDoor(
      {
        ...options.lanes,
        cert: options.tls.cert,
        key: options.tls.key,
        clientCa: options.tls.laneCa,
        requestTimeoutMs: REQUEST_TIMEOUT_MS,
        maxConnections: MAX_LANE_CONNECTIONS,
        onFault,
      },
      parts,
    );
    doors.push(lanes);
    const lanePort = await lanes.listen();
    const consoleDoor = options.console === undefined ? null : await openConsole(options.console);
    if (consoleDoor !== null) doors.push(consoleDoor);
    const consolePort = consoleDoor === null ? null : await consoleDoor.listen();
    return ok({ lanePort, consolePort, parts, close });
  } catch (cause) {
    await close();
    return err({ code: 'listenFailed', detail: cause instanceof Error ? cause.message : 'unknown' });
  }
}

/** Tells the first time that something does not open. */
function tellingOnce(box: SecretBox, tell: () => void): SecretBox {
  let told = false;
  return {
    close: box.close,
    open: (closed, context) => {
      const text = box.open(closed, context);
      if (text === null && !told) {
        told = true;
        tell();
      }
      return text;
    },
  };
}
