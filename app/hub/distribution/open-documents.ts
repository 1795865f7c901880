import { ok, type Result } from '../../contract/result.ts';
import { loadSigningKey } from '../../crypto/signing.ts';
import type { ControlKeys } from '../../record/clearance-check.ts';
import { type DatabaseError, type HubConnection, openHubDatabase } from '../database/open-database.ts';
import { PortRecords } from '../records/port-records.ts';
import { Documents } from './documents.ts';

export interface OpenDocuments {
  readonly documents: Documents;
  close(): Promise<void>;
}

const QUERY_TIMEOUT_MS = 30_000;

/** The port's documents by themselves, beside hubs that go on serving: whoever was first at the port's chain is told by PostgreSQL. */
export async function openDocuments(options: {
  readonly connection: HubConnection;
  /** The port's Ed25519 key, PKCS#8 PEM: what is audited here is signed as a hub signs it. */
  readonly signingKeyPem: string;
  readonly controlKeys: ControlKeys;
}): Promise<Result<OpenDocuments, DatabaseError>> {
  const opened = await openHubDatabase(options.connection, { timeoutMs: QUERY_TIMEOUT_MS, writers: 1 });
  if (!opened.ok) return opened;
  const database = opened.value;
  const clock = (): Date => new Date();
  const signingKey = loadSigningKey(options.signingKeyPem);
  const records = new PortRecords({ database, signingKey, controlKeys: options.controlKeys, clock });
  const close = async (): Promise<void> => {
    await records.close();
    await database.close();
  };
  return ok({ documents: new Documents(database.pool, records, clock), close });
}
