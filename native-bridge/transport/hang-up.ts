import { read } from 'node:fs';
import { promisify } from 'node:util';

const readAsync = promisify(read);

/** What the Unix bindings of `serialport` have under their stream; its own types don't promise it, so it is looked for at run time. */
interface UnixPort {
  fd: number | null;
  poller: { once(event: 'readable', callback: (error: Error | null) => void): unknown };
  read(buffer: Buffer, offset: number, length: number): Promise<{ buffer: Buffer; bytesRead: number }>;
}

function isUnixPort(port: object): port is UnixPort {
  return 'fd' in port && 'poller' in port && 'read' in port;
}

/** The codes of a read that only has to be tried again when the port is readable. */
const AGAIN = new Set(['EAGAIN', 'EWOULDBLOCK', 'EINTR']);

/**
 * Makes a hung-up line end the port. serialport 13 (bindings-cpp, `unixRead`) takes a read of 0 bytes for "nothing yet" and reads
 * again at once, for ever: a cable pulled while a read is under way then burns a core and no 'close' ever comes (seen on pty and
 * with strace). With VMIN 1, which the binding sets, 0 bytes mean that the terminal was hung up, so here they are an error.
 */
export function guardAgainstHangUp(port: object | undefined): void {
  if (port === undefined || !isUnixPort(port)) return;
  port.read = async (buffer, offset, length) => {
    for (;;) {
      const { fd } = port;
      if (fd === null) throw notOpen();
      try {
        const { bytesRead } = await readAsync(fd, buffer, offset, length, null);
        if (bytesRead > 0) return { buffer, bytesRead };
      } catch (error) {
        if (!(error instanceof Error && 'code' in error && AGAIN.has(String(error.code)))) throw error;
        // Closed while the read was under way: the poller is destroyed, and polling it would crash the process.
        if (port.fd === null) throw notOpen();
        await readable(port);
        continue;
      }
      throw Object.assign(new Error('The line was hung up'), { disconnect: true });
    }
  };
}

/** `canceled` tells the stream that nothing was lost. */
function notOpen(): Error {
  return Object.assign(new Error('Port is not open'), { canceled: true });
}

function readable(port: UnixPort): Promise<void> {
  return new Promise((resolve, reject) => {
    port.poller.once('readable', (error) => (error ? reject(error) : resolve()));
  });
}
