import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, test } from 'vitest';
import { openEventStream } from './event-stream.ts';

test('news that come after the end are nothing: neither an error nor another line', async () => {
  const errors: unknown[] = [];
  const server = createServer((_request, raw) => {
    raw.on('error', (error) => errors.push(error));
    const stream = openEventStream(raw);
    stream.write('event: update\ndata: 1\n\n');
    stream.end();
    stream.write('event: update\ndata: 2\n\n');
  }).listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  const reply = await fetch(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`);
  expect(reply.headers.get('content-type')).toBe('text/event-stream');
  expect(await reply.text()).toBe('event: update\ndata: 1\n\n');
  expect(errors).toEqual([]);
  server.close();
});
