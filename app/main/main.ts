import { join } from 'node:path';
import { app, session } from 'electron';
import type { FromLane } from '../contract/lane-messages.ts';
import type { TravellerView } from '../contract/traveller-view.ts';
import { ConsoleLink } from './console-link.ts';
import { DemoHost } from './demo-host.ts';
import { DiagnosticsLink } from './diagnostics-link.ts';
import { findInstallation, foreignSwitch } from './installation.ts';
import { LaneHost } from './lane-host.ts';
import { lockDown } from './lock-down.ts';
import { readOptions } from './options.ts';
import { safeView } from './safe-view.ts';
import { registerScheme, serveScheme } from './scheme.ts';
import { Screens } from './screens.ts';
import { Windows } from './windows.ts';

/** dist/main/main.cjs: the bundles lie beside it, node_modules two folders up. */
const DIST = join(__dirname, '..');
const APP_ROOT = join(DIST, '..');

const options = readOptions(process.argv);
const installation = findInstallation(__dirname, process.resourcesPath);
const foreign = foreignSwitch(installation, (name) => app.commandLine.hasSwitch(name));
if (foreign !== null || (options.demo && installation.packaged)) {
  process.stderr.write(`jointgate: a field lane does not start with --${foreign ?? 'demo'}\n`);
  // At once: nothing of Chromium has started yet, so no port was opened.
  process.exit(2);
}
const demoFolder = options.demoFolder ?? join(APP_ROOT, 'out/demo');

if (options.demo && options.camera === 'file') {
  app.commandLine.appendSwitch('use-fake-device-for-media-stream');
  app.commandLine.appendSwitch('use-file-for-fake-video-capture', join(demoFolder, 'camera.mjpeg'));
}
// Spoken prompts and sounds must not wait for a first touch.
app.commandLine.appendSwitch('autoplay-policy', 'no-user-gesture-required');
// Kiosks at a border have no business with Chromium's background services.
for (const name of ['disable-background-networking', 'disable-component-update', 'disable-sync', 'disable-quic'])
  app.commandLine.appendSwitch(name);
// `enableSandbox` would undo the switch that a machine without a usable sandbox (root in a test container) was given.
if (!app.commandLine.hasSwitch('no-sandbox')) app.enableSandbox();
registerScheme();

async function run(): Promise<void> {
  const windows = new Windows(DIST, options.windowed);
  // A camera under test shows its picture to the technician, too.
  lockDown((contents) => windows.is('traveller', contents) || windows.is('diagnostics', contents));
  serveScheme(session.defaultSession, join(DIST, 'renderer'));

  let lastView: TravellerView | null = null;
  let lane: LaneHost | null = null;
  const screens = new Screens(windows, {
    onTraveller: (action) => lane?.send({ type: 'traveller', action }),
    onBench: (action) => demo?.act(action),
    onFramePort: (port) => lane?.attachFramePort(port),
  });
  const officers = new ConsoleLink(windows, (message) => lane?.send(message));
  const technician = new DiagnosticsLink(windows, {
    toLane: (action) => lane?.send({ type: 'diagnostics', action }),
    simulate: options.demo ? (action) => demo?.act(action) : null,
  });
  technician.openByChord();
  screens.showTraveller(safeView('starting', null));

  const demo = options.demo
    ? new DemoHost(
        {
          entry: join(DIST, 'demo/demo.js'),
          args: [`--folder=${demoFolder}`],
          appRoot: APP_ROOT,
          name: 'Jointgate demo',
        },
        (view) => {
          screens.showBench(view);
          technician.bench(view);
        },
      )
    : null;
  const opened = Promise.all([
    windows.open('traveller'),
    windows.open('supervisor'),
    ...(demo === null ? [] : [windows.open('bench')]),
    ...(options.diagnostics ? [windows.open('diagnostics')] : []),
  ]);
  const laneProfile = options.laneProfile ?? (await demo?.laneProfilePath) ?? installation.standardProfile;
  if (laneProfile === null) throw new Error('no lane profile: start with --lane-profile=FILE or --demo');

  const receive = (message: FromLane): void => {
    switch (message.type) {
      case 'travellerView':
        lastView = message.view;
        screens.showTraveller(message.view);
        break;
      case 'consoleReply':
        officers.reply(message.id, message.reply);
        break;
      case 'consoleUpdate':
        officers.update(message.update);
        break;
      case 'diagnosticsView':
        technician.show(message.view);
        break;
      case 'startFailed':
        process.stderr.write(`jointgate: the lane cannot start: ${message.code}: ${message.message}\n`);
        screens.showTraveller(safeView('outOfService', lastView));
        break;
      case 'started':
        officers.laneUp();
        break;
      case 'pong':
        break;
    }
  };
  lane = new LaneHost(
    {
      entry: join(installation.nodeRoot, 'dist/lane/lane.js'),
      args: [
        `--lane-profile=${laneProfile}`,
        // The switch that looks as another officer is the demonstration's, on the demonstration's own lane.
        ...(options.demo && options.laneProfile === null && !options.signIn ? ['--look-as'] : []),
        ...(installation.configurationKeys === null ? [] : [`--configuration-keys=${installation.configurationKeys}`]),
      ],
      appRoot: installation.nodeRoot,
      name: 'Jointgate lane',
    },
    {
      onMessage: receive,
      onDown: () => {
        screens.showTraveller(safeView('outOfService', lastView));
        officers.laneDown();
        technician.laneDown();
      },
    },
  );
  lane.start();
  // For tests that kill the lane process: only a driver of main itself can read it.
  Object.assign(globalThis, { jointgateLanePid: () => lane?.pid });
  await opened;

  let stopped = false;
  app.on('before-quit', (event) => {
    if (stopped) return;
    event.preventDefault();
    stopped = true;
    demo?.stop();
    void Promise.resolve(lane?.stop()).finally(() => app.quit());
  });
}

app.on('window-all-closed', () => app.quit());
app
  .whenReady()
  .then(run)
  .catch((error: unknown) => {
    process.stderr.write(`jointgate: ${error instanceof Error ? error.message : String(error)}\n`);
    app.exit(3);
  });
