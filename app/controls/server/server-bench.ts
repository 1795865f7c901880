/** For tests: an embedded control behind a real server, and a lane's client for it. */
import type { Control } from '../control.ts';
import { openRemoteControl, type RemoteControlOptions } from '../remote/remote-control.ts';
import { createTestAuthority, type TestAuthority, type TestCertificate } from '../test-certificates.ts';
import type { ControlBench } from '../test-kit.ts';
import { type ControlServer, type ControlServerOptions, startControlServer } from './control-server.ts';

export interface ServerBench {
  readonly server: ControlServer;
  readonly authority: TestAuthority;
  readonly lane: TestCertificate;
  readonly faults: unknown[];
  openClient(change?: Partial<RemoteControlOptions>): Control;
}

export async function openServerBench(
  bench: ControlBench,
  change: Partial<ControlServerOptions> = {},
): Promise<ServerBench> {
  const authority = await createTestAuthority();
  const [server, lane] = await Promise.all([authority.server(), authority.client('lane-1')]);
  const faults: unknown[] = [];
  const running = await startControlServer({
    control: bench.control,
    tls: { cert: server.cert, key: server.key, clientCa: authority.cert },
    host: '127.0.0.1',
    port: 0,
    allowedClients: [lane.fingerprint],
    clock: bench.clock,
    // Tests ask in bursts while the clock stands.
    rate: { perSecond: 1_000, burst: 1_000_000 },
    onFault: (error) => faults.push(error),
    ...change,
  });
  return {
    server: running,
    authority,
    lane,
    faults,
    openClient: (options = {}) =>
      openRemoteControl({
        side: bench.side,
        url: `https://127.0.0.1:${running.port}`,
        tls: { ca: authority.cert, cert: lane.cert, key: lane.key },
        clock: bench.clock,
        ...options,
      }),
  };
}
