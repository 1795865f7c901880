import { readdir, readFile, realpath } from 'node:fs/promises';
import path from 'node:path';

/** One serial port with what its USB device says of itself; nothing for a port that is on no USB device. */
export interface ListedPort {
  readonly path: string;
  readonly vendorId?: string | undefined;
  readonly productId?: string | undefined;
  readonly serialNumber?: string | undefined;
}

const TTYS = '/sys/class/tty';
/** From the port's own folder up to its USB device: the interface, and a converter's port number. */
const MAX_CLIMB = 4;

/**
 * Serial ports as the Linux kernel lists them. `serialport` asks `udevadm` for that: a process for each look, several a second while a
 * device is away, and a tool that small systems lack.
 */
export async function listSysfsPorts(folder: string = TTYS): Promise<readonly ListedPort[]> {
  const names = await readdir(folder);
  const ports = await Promise.all(names.map((name) => portOf(folder, name)));
  return ports.filter((port) => port !== null);
}

/** Null for what has no hardware behind it: consoles, pseudo-terminals. */
async function portOf(folder: string, name: string): Promise<ListedPort | null> {
  try {
    return { path: `/dev/${name}`, ...(await identityAbove(await realpath(path.join(folder, name, 'device')))) };
  } catch {
    return null;
  }
}

async function identityAbove(device: string): Promise<Omit<ListedPort, 'path'>> {
  let folder = device;
  for (let climbed = 0; climbed <= MAX_CLIMB; climbed += 1) {
    const vendorId = await word(folder, 'idVendor');
    if (vendorId !== undefined)
      return { vendorId, productId: await word(folder, 'idProduct'), serialNumber: await word(folder, 'serial') };
    folder = path.dirname(folder);
  }
  return {};
}

async function word(folder: string, file: string): Promise<string | undefined> {
  try {
    return (await readFile(path.join(folder, file), 'utf8')).trim();
  } catch {
    // Not every device has every word.
    return undefined;
  }
}
