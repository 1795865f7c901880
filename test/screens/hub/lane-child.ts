import { castMember } from '../../../app/demo/cast.ts';
import { type DemoWorld, openDemoWorld } from '../../../app/demo/demo-world.ts';
import { HeadlessLane } from '../../../app/demo/headless-lane.ts';
import { holderScene } from '../../../app/demo/play.ts';
import { liveFrames } from '../../../app/demo/specimens/specimens.ts';
import { walk } from '../../../app/demo/walker.ts';
import { openLaneKeys, publicKeyOf } from '../../../app/lane/lane-keys.ts';
import type { FromLane, ToLane } from './lane-messages.ts';

/**
 * A whole lane in a process of its own: devices over pseudo-terminals, real models, embedded controls, its record at a hub. Told
 * by messages who comes; ends with its parent.
 */
const DOORS = 3;
const PATIENCE_MS = 180_000;
const say = (message: FromLane): void => void process.send?.(message);

let world: DemoWorld | null = null;
let lane: HeadlessLane | null = null;

async function build({ folder, hubUrl, tls }: Extract<ToLane, { type: 'build' }>): Promise<void> {
  world = await openDemoWorld({
    folder,
    topology: 'threeDoor',
    readingMs: 0,
    travelMs: 0,
    delays: { showEnd: 50 },
    network: { home: { kind: 'hub', urls: [hubUrl], tls, whenGone: 'failClosed', probe: 200 } },
  });
  const keys = openLaneKeys(world.profile.dataFolder);
  if (!keys.ok) throw new Error(keys.error.code);
  const { exit, entry } = keys.value.controls;
  say({ type: 'built', controlKeys: { exit: [publicKeyOf(exit)], entry: [publicKeyOf(entry)] } });
}

async function open(): Promise<void> {
  if (world === null) throw new Error('nothing is built yet');
  lane = await HeadlessLane.open(world.profile, 33);
  await lane.waitFor(({ traveller }) => traveller?.step === 'attract');
  say({ type: 'serves' });
}

async function come({ id, person }: Extract<ToLane, { type: 'come' }>): Promise<void> {
  if (world === null || lane === null) throw new Error('the lane is not open');
  const { doors, scanner } = world;
  const [serving, before] = [lane, lane.reports.length];
  const over = (): boolean => serving.reports.length > before;
  const member = castMember(id);
  await serving.waitFor(({ traveller }) => traveller?.step === 'attract');
  serving.stand(await liveFrames(holderScene(person ?? member.person), { count: 30, width: 640, height: 480 }));
  const walking = walk(doors, DOORS, 'walksOn', over);
  await scanner.presentDocument(member.lines);
  scanner.removeDocument();
  await serving.waitFor(over, PATIENCE_MS);
  await walking;
  doors.clearPeople();
  say({ type: 'over', state: serving.reports.at(-1)?.output.ending?.state ?? 'unrecorded' });
}

async function handle(message: ToLane): Promise<void> {
  switch (message.type) {
    case 'build':
      return build(message);
    case 'open':
      return open();
    case 'come':
      return come(message);
    case 'awaitClosed':
      await lane?.waitFor(({ traveller }) => traveller?.step === 'outOfService', PATIENCE_MS);
      return say({ type: 'closed' });
  }
}

process.on('message', (message) => {
  // Told to the story: a lane that is gone says nothing.
  handle(message as ToLane).catch((cause: unknown) => say({ type: 'over', state: String(cause) }));
});
process.on('disconnect', async () => {
  await lane?.close();
  world?.close();
  process.exit(0);
});
