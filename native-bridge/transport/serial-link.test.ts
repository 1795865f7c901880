import { afterEach, expect, test, vi } from 'vitest';
import { unwrap } from '../../app/contract/result.ts';
import { PtyPort } from '../simulators/pty-port.ts';
import { deferred } from './deferred.ts';
import { eightNoneOne, serialOpener } from './serial-link.ts';

const ports: PtyPort[] = [];
afterEach(() => {
  for (const port of ports.splice(0)) port.close();
});

function echoPort(): PtyPort {
  const port = new PtyPort(null, (bytes) => port.send(bytes));
  port.plug();
  ports.push(port);
  return port;
}

test('says why a port cannot be opened', async () => {
  const sink = { received: () => {}, closed: () => {} };
  const opener = serialOpener('/nonexistent/tty', eightNoneOne(9600));
  expect(await opener.open(sink)).toEqual({ ok: false, error: { code: 'openFailed', cause: 'absent' } });
});

// Symptom: a cable pulled while a read was under way kept one core busy for ever and never told anybody (serialport 13, hang-up.ts).
test.each(['in the middle of a read', 'a moment later'])('a cable pulled %s ends the link', async (when) => {
  const port = echoPort();
  const closed = deferred<void>();
  const pull = (): void => {
    if (when === 'a moment later') setImmediate(() => port.unplug());
    else port.unplug();
  };
  const link = unwrap(
    await serialOpener(port.path, eightNoneOne(9600)).open({ received: pull, closed: () => closed.resolve() }),
  );
  unwrap(await link.write(Uint8Array.of(1, 2, 3)));
  await closed.promise;
  expect(await link.write(Uint8Array.of(1))).toEqual({ ok: false, error: { code: 'linkClosed' } });
  await link.close();
});

test('closing our end lets the next one open the same port', async () => {
  const port = echoPort();
  for (let turn = 0; turn < 3; turn += 1) {
    const heard = deferred<Uint8Array>();
    const link = unwrap(
      await serialOpener(port.path, eightNoneOne(9600)).open({ received: heard.resolve, closed: () => {} }),
    );
    unwrap(await link.write(Uint8Array.of(turn)));
    expect([...(await heard.promise)]).toEqual([turn]);
    await link.close();
  }
});

// Symptom: the process died of SIGSEGV when a port was closed while a read was under way (the binding's poller was used after its end).
test('closing while bytes are coming is harmless, many times over', async () => {
  const port = echoPort();
  const opener = serialOpener(port.path, eightNoneOne(9600));
  for (let turn = 0; turn < 60; turn += 1) {
    // The read under way holds the lock for a moment longer than the port.
    const link = await vi.waitFor(async () => unwrap(await opener.open({ received: () => {}, closed: () => {} })), {
      interval: 1,
    });
    port.send(new Uint8Array(50).fill(turn));
    if (turn % 2 === 0) await link.write(Uint8Array.of(turn));
    if (turn % 3 === 0) await new Promise((resolve) => setImmediate(resolve));
    await link.close();
  }
});
