import { recordOutcomeSchema } from '../../contract/control-protocol.ts';
import { err, ok } from '../../contract/result.ts';
import { type ClientTls, createHttpsClient } from '../remote/https-exchange.ts';
import type { RecordHome } from './outcome-inquiry.ts';

/** The port's hub as the home of the record: `GET /v1/crossings/{id}` over HTTPS with mutual TLS. */
export function openRemoteHome(url: string, tls: ClientTls): RecordHome & { close(): void } {
  const baseUrl = new URL(url);
  if (baseUrl.protocol !== 'https:') throw new TypeError('a record’s home is asked over https only');
  const client = createHttpsClient(baseUrl, tls);
  return {
    async outcome(recordId, signal) {
      const path = `/v1/crossings/${encodeURIComponent(recordId)}`;
      const reply = await client.exchange({ method: 'GET', path, headers: {}, body: null }, signal);
      if (!reply.ok) return reply;
      if (reply.value.status !== 200) return err({ code: 'failed', detail: `http${reply.value.status}` });
      const read = recordOutcomeSchema.safeParse(parseJson(reply.value.body));
      return read.success && read.data.recordId === recordId
        ? ok(read.data.outcome)
        : err({ code: 'failed', detail: 'malformed' });
    },
    close: () => client.close(),
  };
}

function parseJson(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString('utf8'));
  } catch {
    // Not JSON: the schema says so.
    return undefined;
  }
}
