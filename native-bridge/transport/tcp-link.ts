import { createConnection, createServer, type Socket } from 'node:net';
import { err, ok, type Result } from '../../app/contract/result.ts';
import type { ByteLink, LinkOpener, LinkSink, OpenError, OpenFailure, WriteError } from './byte-link.ts';

/** A serial server: a box with a serial port on one side and a TCP port on the other. */
export function tcpOpener(host: string, port: number, connectTimeoutMs: number): LinkOpener {
  return { name: `tcp:${host}:${port}`, open: (sink) => connect(host, port, connectTimeoutMs, sink) };
}

function connect(
  host: string,
  port: number,
  connectTimeoutMs: number,
  sink: LinkSink,
): Promise<Result<ByteLink, OpenError>> {
  return new Promise((resolve) => {
    const socket = createConnection({ host, port, noDelay: true });
    socket.setTimeout(connectTimeoutMs, () =>
      socket.destroy(Object.assign(new Error('no answer'), { code: 'ETIMEDOUT' })),
    );
    socket.once('connect', () => {
      socket.setTimeout(0);
      resolve(ok(linkOf(socket, sink)));
    });
    socket.once('error', (error: NodeJS.ErrnoException) =>
      resolve(err({ code: 'openFailed', cause: openFailureOf(error.code) })),
    );
  });
}

function openFailureOf(code: string | undefined): OpenFailure {
  if (code === 'ECONNREFUSED' || code === 'EHOSTUNREACH' || code === 'ENOTFOUND' || code === 'ETIMEDOUT')
    return 'absent';
  return code === 'EACCES' || code === 'EPERM' ? 'denied' : 'failed';
}

/** A connected socket as a link. */
function linkOf(socket: Socket, sink: LinkSink): ByteLink {
  let alive = true;
  const end = (): void => {
    if (!alive) return;
    alive = false;
    socket.destroy();
    sink.closed();
  };
  socket.on('data', (chunk) => {
    if (alive) sink.received(chunk);
  });
  socket.on('end', end);
  socket.on('close', end);
  // Reset by the other side: the same as closed.
  socket.on('error', end);
  return {
    write: (bytes) =>
      new Promise<Result<void, WriteError>>((resolve) => {
        if (!alive) resolve(err({ code: 'linkClosed' }));
        else socket.write(bytes, (error) => resolve(error ? err({ code: 'writeFailed' }) : ok()));
      }),
    close: () => {
      alive = false;
      socket.destroy();
      return Promise.resolve();
    },
  };
}

export interface TcpListener {
  /** The port really taken, when 0 was asked for. */
  readonly port: number;
  close(): Promise<void>;
}

/** Lets one partner at a time connect; `accept` gives the sink of a new link, or null to turn it away. */
export function listenTcp(
  host: string,
  port: number,
  accept: (link: ByteLink) => LinkSink | null,
): Promise<Result<TcpListener, OpenError>> {
  return new Promise((resolve) => {
    const server = createServer({ noDelay: true }, (socket) => {
      let sink: LinkSink | null = null;
      const link = linkOf(socket, { received: (bytes) => sink?.received(bytes), closed: () => sink?.closed() });
      sink = accept(link);
      if (sink === null) void link.close();
    });
    server.once('error', (error: NodeJS.ErrnoException) => {
      resolve(err({ code: 'openFailed', cause: error.code === 'EADDRINUSE' ? 'busy' : openFailureOf(error.code) }));
    });
    server.listen(port, host, () => {
      const address = server.address();
      const close = (): Promise<void> => new Promise((closed) => server.close(() => closed()));
      resolve(ok({ port: typeof address === 'object' && address !== null ? address.port : port, close }));
    });
  });
}
