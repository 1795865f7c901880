import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { type ConsoleRequest, consoleError } from '../contract/supervisor-console.ts';
import { laneHeading } from './lane-heading.ts';
import { openLanePort } from './lane-port.ts';
import { type OpenedLane, openLane } from './open-lane.ts';
import { type OpenedConsole, openOfficerConsole } from './open-officer-console.ts';
import { verifyConfiguration } from './signed-configuration.ts';

/** Entry of the lane process: one lane, spoken to over the port of whoever started it. Ends itself when that port closes. */
// Records, journals and keys are this user's alone, whatever the shell that started us allows.
process.umask(0o077);
const port = openLanePort();
let opened: OpenedLane | null = null;
let officerConsole: OpenedConsole | null = null;
let ending = false;

async function start(): Promise<void> {
  const { values } = parseArgs({
    options: {
      'lane-profile': { type: 'string' },
      'configuration-keys': { type: 'string' },
      'look-as': { type: 'boolean', default: false },
      restarts: { type: 'string', default: '0' },
    },
    strict: false,
  });
  const heading = laneHeading(String(values['lane-profile']));
  if (!heading.ok) {
    const { error } = heading;
    return fail(error.code, error.code === 'profileInvalid' ? error.problems.join('; ') : error.detail);
  }
  const { path, profile, reversal } = heading.value;
  const signers = values['configuration-keys'];
  if (typeof signers === 'string') {
    const signed = verifyConfiguration(path, profile, signers);
    if (!signed.ok) return fail(signed.error.code, signed.error.detail);
  }
  const lane = await openLane({
    profile,
    reversal: reversal === null ? null : { to: reversal, reopen: () => void openAnew() },
    restarts: Number(values.restarts) || 0,
    software: softwareVersion(),
    listener: {
      onTravellerView: (view) => port.send({ type: 'travellerView', view }),
      onSupervisorView: (view) => officerConsole?.console.view(view),
      onDiagnosticsView: (view) => port.send({ type: 'diagnosticsView', view }),
      onCrossing: () => undefined,
    },
  });
  if (!lane.ok) return fail(lane.error.code, lane.error.detail);
  opened = lane.value;
  const officers = openOfficerConsole(profile, opened, {
    lookAs: values['look-as'] === true,
    send: (update) => port.send({ type: 'consoleUpdate', update }),
  });
  if (!officers.ok) return fail(officers.error.code, officers.error.detail);
  officerConsole = officers.value;
  opened.diagnostics.attach(officers.value.officers);
  port.send({ type: 'started', laneId: profile.laneId, pid: process.pid });
}

/** Turned round: devices, records and consoles of this direction are closed, those of the other one opened. */
async function openAnew(): Promise<void> {
  await closeAll();
  if (!ending) await start();
}

async function closeAll(): Promise<void> {
  const [lane, consoleBefore] = [opened, officerConsole];
  opened = null;
  officerConsole = null;
  await consoleBefore?.close();
  await lane?.close();
}

/** From the sources and from the bundle alike: two folders up. A package without it still runs. */
function softwareVersion(): string {
  try {
    const text = readFileSync(new URL('../../package.json', import.meta.url), 'utf8');
    return String((JSON.parse(text) as { version?: unknown }).version ?? 'unknown').slice(0, 40);
  } catch {
    // Said as it is in the report: nobody opens a lane for a version number.
    return 'unknown';
  }
}

function fail(code: string, message: string): void {
  port.send({ type: 'startFailed', code, message: message.slice(0, 500) });
  // Whoever supervises this process tries again after a while: the cause may be gone then.
  process.exitCode = 1;
  setTimeout(() => process.exit(1), 200);
}

async function end(code: number): Promise<void> {
  if (ending) return;
  ending = true;
  await closeAll();
  process.exit(code);
}

/** A console is heard once the lane is open; until then nobody is there to ask. */
async function answer(id: number, request: ConsoleRequest): Promise<void> {
  const reply = await (officerConsole?.console.handle(request) ?? {
    ok: false as const,
    error: consoleError('laneAway'),
  });
  port.send({ type: 'consoleReply', id, reply });
}

port.onMessage((message) => {
  if (message.type === 'ping') port.send({ type: 'pong', id: message.id });
  else if (message.type === 'shutdown') void end(0);
  else if (message.type === 'console') void answer(message.id, message.request);
  else if (message.type === 'diagnostics') void opened?.diagnostics.receive(message.action);
  else opened?.lane.receive(message);
});
port.onDisconnect(() => void end(0));
process.on('SIGTERM', () => void end(0));
process.on('SIGINT', () => void end(0));
// A bug: this process can't be trusted any more. Doors shut by themselves; the next process recovers the record.
process.on('uncaughtException', (error) => {
  process.stderr.write(`lane: ${error.name} ${error.stack?.split('\n')[1]?.trim() ?? ''}\n`);
  process.exit(70);
});

await start();
