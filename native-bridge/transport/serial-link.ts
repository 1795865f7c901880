import { SerialPort } from 'serialport';
import { err, ok, type Result } from '../../app/contract/result.ts';
import type { ByteLink, LinkOpener, LinkSink, OpenError, OpenFailure, WriteError } from './byte-link.ts';
import { guardAgainstHangUp } from './hang-up.ts';

export interface SerialSettings {
  readonly baudRate: number;
  readonly dataBits: 7 | 8;
  readonly parity: 'none' | 'even' | 'odd';
  readonly stopBits: 1 | 2;
}

/** 8N1, what all our devices speak. */
export function eightNoneOne(baudRate: number): SerialSettings {
  return { baudRate, dataBits: 8, parity: 'none', stopBits: 1 };
}

/** A real serial port by path: a device node, a udev link, or a pseudo-terminal. */
export function serialOpener(path: string, settings: SerialSettings): LinkOpener {
  return { name: `serial:${path}`, open: (sink) => openSerial(path, settings, sink) };
}

async function openSerial(
  path: string,
  settings: SerialSettings,
  sink: LinkSink,
): Promise<Result<ByteLink, OpenError>> {
  // lock: two programs on one reader mix their answers, so the second one is refused (flock).
  const port = new SerialPort({ path, ...settings, autoOpen: false, lock: true });
  const failure = await new Promise<Error | null>((resolve) => port.open(resolve));
  if (failure !== null) return err({ code: 'openFailed', cause: openFailureOf(failure.message) });

  guardAgainstHangUp(port.port);
  let alive = true;
  const end = (): void => {
    if (!alive) return;
    alive = false;
    sink.closed();
  };
  port.on('data', (chunk: Buffer) => {
    if (alive) sink.received(chunk);
  });
  port.on('close', end);
  // Read errors (EIO of a pulled cable) come as 'close' as well; the listener keeps them from being thrown at the process.
  port.on('error', end);
  port.on('end', end);

  return ok({
    write: (bytes) =>
      new Promise<Result<void, WriteError>>((resolve) => {
        if (!alive) {
          resolve(err({ code: 'linkClosed' }));
          return;
        }
        port.write(bytes, (error) => resolve(error ? err({ code: 'writeFailed' }) : ok()));
      }),
    close: () => {
      alive = false;
      return new Promise<void>((resolve) => {
        if (!port.isOpen) resolve();
        else port.close(() => resolve());
      });
    },
  });
}

/** The binding only gives text: "Error: No such file or directory, cannot open /dev/ttyUSB0". */
function openFailureOf(message: string): OpenFailure {
  if (/no such|not found|ENOENT|ENXIO|ENODEV/i.test(message)) return 'absent';
  if (/lock|busy|temporarily unavailable|EBUSY/i.test(message)) return 'busy';
  if (/permission|denied|EACCES/i.test(message)) return 'denied';
  return 'failed';
}
