import { type AddressInfo, connect, createServer, type Socket } from 'node:net';

/** What happens to the next exchange: cut when the request comes, or when its answer comes; or nothing is cut but told. */
export type Cut =
  | { readonly at: 'request' | 'answer'; readonly act: 'drop' }
  | { readonly at: 'request'; readonly act: () => void };

export interface CuttingProxy {
  readonly port: number;
  /** The hub behind it may be another one after a restart. */
  target: number;
  /** Holds for one exchange; `cut` resolves when it has happened. */
  arm(cut: Cut): Promise<void>;
  close(): void;
}

/** The wire between a lane and its hub: bytes go through as they are, until a test cuts it. */
export async function openCuttingProxy(target: number): Promise<CuttingProxy> {
  const sockets = new Set<Socket>();
  let armed: { readonly cut: Cut; readonly happened: () => void } | null = null;

  const strike = (at: Cut['at'], near: Socket, far: Socket): 'gone' | 'goesOn' => {
    if (armed === null || armed.cut.at !== at) return 'goesOn';
    const { cut, happened } = armed;
    armed = null;
    happened();
    if (cut.act !== 'drop') {
      cut.act();
      return 'goesOn';
    }
    near.destroy();
    far.destroy();
    return 'gone';
  };

  const server = createServer((near) => {
    const far = connect(proxy.target, '127.0.0.1');
    for (const [socket, other] of [
      [near, far],
      [far, near],
    ] as const) {
      sockets.add(socket);
      socket.on('error', () => other.destroy());
      socket.on('close', () => {
        sockets.delete(socket);
        other.destroy();
      });
    }
    // A handshake is no exchange: only what comes after it counts.
    let handshakes = 0;
    near.on('data', (bytes) => {
      if (isApplicationData(bytes) && handshakes++ > 0 && strike('request', near, far) === 'gone') return;
      far.write(bytes);
    });
    far.on('data', (bytes) => {
      if (isApplicationData(bytes) && handshakes > 1 && strike('answer', near, far) === 'gone') return;
      near.write(bytes);
    });
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  const proxy: CuttingProxy = {
    port: (server.address() as AddressInfo).port,
    target,
    arm: (cut) =>
      new Promise((happened) => {
        armed = { cut, happened };
      }),
    close: () => {
      server.close();
      for (const socket of sockets) socket.destroy();
    },
  };
  return proxy;
}

/** A TLS record of type 23 (RFC 8446 §5.1); the end of a TLS 1.3 handshake looks the same and is counted off above. */
function isApplicationData(bytes: Buffer): boolean {
  return bytes[0] === 23 || bytes[0] === 20;
}
