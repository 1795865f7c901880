import { SerialPort } from 'serialport';
import { err } from '../../app/contract/result.ts';
import type { LinkOpener } from './byte-link.ts';
import { type SerialSettings, serialOpener } from './serial-link.ts';
import { type ListedPort, listSysfsPorts } from './sysfs-ports.ts';

/** Four hexadecimal digits each, as `lsusb` shows them. Without a serial number the device must be the only one of its kind. */
export interface UsbIdentity {
  readonly vendorId: string;
  readonly productId: string;
  readonly serialNumber: string | null;
}

/** The system's own list: the kernel's on Linux, elsewhere what `serialport` gathers. */
async function systemPorts(): Promise<readonly ListedPort[]> {
  return process.platform === 'linux' ? listSysfsPorts() : SerialPort.list();
}

const same = (a: string | undefined, b: string): boolean => a?.toLowerCase() === b.toLowerCase();

/** The path of the one port that is this device; null when it is absent, or when two could be it. */
export function findUsbPort(ports: readonly ListedPort[], usb: UsbIdentity): string | null {
  const found = ports.filter(
    (port) =>
      same(port.vendorId, usb.vendorId) &&
      same(port.productId, usb.productId) &&
      (usb.serialNumber === null || same(port.serialNumber, usb.serialNumber)),
  );
  return found.length === 1 ? (found[0]?.path ?? null) : null;
}

/** A USB serial device by what it is and never by its path: it is looked for anew at each opening, wherever it was plugged in. */
export function usbSerialOpener(
  usb: UsbIdentity,
  settings: SerialSettings,
  list: () => Promise<readonly ListedPort[]> = systemPorts,
): LinkOpener {
  return {
    name: `usb:${usb.vendorId}:${usb.productId}${usb.serialNumber === null ? '' : `:${usb.serialNumber}`}`,
    open: async (sink) => {
      const ports = await listed(list);
      if (ports === null) return err({ code: 'openFailed', cause: 'failed' });
      const path = findUsbPort(ports, usb);
      return path === null ? err({ code: 'openFailed', cause: 'absent' }) : serialOpener(path, settings).open(sink);
    },
  };
}

/** Null when the system has no list to give. */
async function listed(list: () => Promise<readonly ListedPort[]>): Promise<readonly ListedPort[] | null> {
  try {
    return await list();
  } catch {
    return null;
  }
}
