import { type Device, devicesAsync, HIDAsync, setDriverType } from 'node-hid';
import { err, ok, type Result } from '../../app/contract/result.ts';
import type { LinkSink, OpenError, WriteError } from './byte-link.ts';
import type { HidLink, HidOpener } from './hid-link.ts';

export interface HidIdentity {
  readonly vendorId: number;
  readonly productId: number;
  /** Null only when no second one of its kind is fitted. */
  readonly serialNumber: string | null;
  /** A device may have several interfaces; null takes any. */
  readonly usagePage: number | null;
}

/** A HID device by what it is, looked for anew at each opening. */
export function nodeHidOpener(identity: HidIdentity): HidOpener {
  const { vendorId, productId } = identity;
  return { name: `hid:${vendorId.toString(16)}:${productId.toString(16)}`, open: (sink) => openHid(identity, sink) };
}

let driverChosen = false;

/** Null when the binding itself can't be loaded: a system library is missing. */
async function listDevices(vendorId: number, productId: number): Promise<readonly Device[] | null> {
  try {
    // The kernel's own hidraw: no libusb to install, no kernel driver to detach, and udev rules decide who may open it.
    if (!driverChosen && process.platform === 'linux') setDriverType('hidraw');
    driverChosen = true;
    return await devicesAsync(vendorId, productId);
  } catch {
    return null;
  }
}

async function openHid(identity: HidIdentity, sink: LinkSink): Promise<Result<HidLink, OpenError>> {
  const { vendorId, productId, serialNumber, usagePage } = identity;
  const listed = await listDevices(vendorId, productId);
  if (listed === null) return err({ code: 'openFailed', cause: 'failed' });
  const fitting = listed.filter(
    (each) =>
      (serialNumber === null || each.serialNumber === serialNumber) &&
      (usagePage === null || each.usagePage === usagePage),
  );
  const path = fitting.length === 1 ? fitting[0]?.path : undefined;
  if (path === undefined) return err({ code: 'openFailed', cause: 'absent' });
  try {
    return ok(linkOf(await HIDAsync.open(path), sink));
  } catch {
    // hidapi only says "cannot open device": most often the udev rule is missing.
    return err({ code: 'openFailed', cause: 'denied' });
  }
}

function linkOf(device: HIDAsync, sink: LinkSink): HidLink {
  let alive = true;
  device.on('data', (report: Buffer) => {
    if (alive) sink.received(report);
  });
  device.on('error', () => {
    if (!alive) return;
    alive = false;
    sink.closed();
  });
  const attempt = async <T>(work: () => Promise<T>): Promise<Result<T, WriteError>> => {
    if (!alive) return err({ code: 'linkClosed' });
    try {
      return ok(await work());
    } catch {
      // hidapi gives no cause; a device that went away tells it by 'error' as well.
      return err({ code: 'writeFailed' });
    }
  };
  const done = async (work: () => Promise<unknown>): Promise<Result<void, WriteError>> => {
    const result = await attempt(work);
    return result.ok ? ok() : result;
  };
  return {
    write: (report) => done(() => device.write(Buffer.from(report))),
    sendFeature: (report) => done(() => device.sendFeatureReport(Buffer.from(report))),
    getFeature: (reportId, length) => attempt(() => device.getFeatureReport(reportId, length)),
    close: async () => {
      alive = false;
      await device.close().catch(() => undefined);
    },
  };
}
