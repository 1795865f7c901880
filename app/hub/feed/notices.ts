import { Client } from 'pg';
import type { HubConnection } from '../database/open-database.ts';

export type Topic = 'views' | 'actions' | 'replies';
export type TopicListener = (subject: string) => void;

const RETRY_MS = 1_000;
const CHANNEL = 'jointgate';

/** Says something happened; the subject (a lane, an action) is what to look up. Empty: look at everything. */
export const notifyText = (topic: Topic): string => `pg_notify('${CHANNEL}', '${topic} ' || `;

/**
 * PostgreSQL's LISTEN/NOTIFY between the hubs of a port. A notice only says where to look; while the connection is away
 * listeners are told to look at everything as soon as it is back, so a lost notice is a late one.
 */
export class HubNotices {
  readonly #connection: HubConnection;
  readonly #listeners = new Map<Topic, Set<TopicListener>>();
  #client: Client | null = null;
  #retry: NodeJS.Timeout | null = null;
  #closed = false;

  constructor(connection: HubConnection) {
    this.#connection = connection;
  }

  async start(): Promise<void> {
    if (this.#closed) return;
    const client = new Client({ ...this.#connection, connectionTimeoutMillis: 5_000, keepAlive: true });
    const lost = (): void => {
      if (this.#client !== client) return;
      this.#client = null;
      client.end().catch(() => undefined);
      this.#later();
    };
    this.#client = client;
    client.on('error', lost);
    client.on('end', lost);
    client.on('notification', ({ payload = '' }) => {
      const [topic, subject = ''] = payload.split(' ');
      this.#tell(topic as Topic, subject);
    });
    try {
      await client.connect();
      await client.query(`LISTEN ${CHANNEL}`);
      for (const topic of this.#listeners.keys()) this.#tell(topic, '');
    } catch {
      // The database is away: tried again, and told by the requests that need it meanwhile.
      lost();
    }
  }

  /** Gives the way to stop listening. */
  on(topic: Topic, listener: TopicListener): () => void {
    const listeners = this.#listeners.get(topic) ?? new Set();
    this.#listeners.set(topic, listeners.add(listener));
    return () => void listeners.delete(listener);
  }

  async close(): Promise<void> {
    this.#closed = true;
    if (this.#retry !== null) clearTimeout(this.#retry);
    const client = this.#client;
    this.#client = null;
    await client?.end().catch(() => undefined);
  }

  #tell(topic: Topic, subject: string): void {
    for (const listener of this.#listeners.get(topic) ?? []) listener(subject);
  }

  #later(): void {
    if (this.#closed || this.#retry !== null) return;
    this.#retry = setTimeout(() => {
      this.#retry = null;
      void this.start();
    }, RETRY_MS);
    this.#retry.unref();
  }
}
