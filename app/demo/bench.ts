import type { BenchAction, BenchView } from '../contract/bench-messages.ts';
import { CameraFiles } from './camera-files.ts';
import { CAST, castMember } from './cast.ts';
import { type DemoWorld, openDemoWorld } from './demo-world.ts';
import { benchScenes, thumbnailOf } from './scenes.ts';

const LOG_LENGTH = 60;
/** How long people take, so that a person watching sees what happens. Milliseconds. */
const PACE = { readingMs: 400, travelMs: 500, walkAfterMs: 600 };

const GARBAGE: Readonly<Record<Extract<BenchAction, { type: 'presentGarbage' }>['kind'], Uint8Array>> = {
  cut: bytes('P<UTOERIKSSON<<ANNA<MAR\r'),
  doubled: bytes('P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<\rP<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<\r'),
  nonAscii: Uint8Array.from({ length: 88 }, (_, index) => 0x80 + (index % 0x60)),
  endless: bytes('<'.repeat(20_000)),
};

type Place = BenchView['place'];

/** The bench: specimen documents, people and doors in the hands of a person, or of a test that plays one. */
export class Bench {
  readonly #world: DemoWorld;
  readonly #cameras: CameraFiles;
  readonly #onView: (view: BenchView) => void;
  #scenes: BenchView['scenes'] = [];
  #scene = 'nobody';
  #walksByItself = true;
  #place: Place = 'outside';
  #walking = false;
  #unplugged = new Set<'scanner' | 'laneController'>();
  #log: BenchView['log'] = [];
  #closed = false;

  private constructor(folder: string, world: DemoWorld, onView: (view: BenchView) => void) {
    this.#cameras = new CameraFiles(folder);
    this.#world = world;
    this.#onView = onView;
  }

  static async open(folder: string, onView: (view: BenchView) => void): Promise<Bench> {
    const { readingMs, travelMs } = PACE;
    const world = await openDemoWorld({
      folder,
      topology: 'threeDoor',
      readingMs,
      travelMs,
      delays: {},
      chipReader: true,
    });
    const bench = new Bench(folder, world, onView);
    await bench.#stand('nobody');
    bench.#scenes = await Promise.all(
      benchScenes().map(async (scene) => ({ id: scene.id, title: scene.title, thumbnail: await thumbnailOf(scene) })),
    );
    void bench.#watchDoors();
    return bench;
  }

  get profilePath(): string {
    return this.#world.profilePath;
  }

  /** One person's act. What the physical world does not allow (walking through a shut door) is said in the log. */
  async act(action: BenchAction): Promise<void> {
    try {
      await this.#do(action);
    } catch (error) {
      this.#say(error instanceof Error ? error.message : String(error));
    }
    this.tell();
  }

  tell(): void {
    if (this.#closed) return;
    const doors = [1, 2, 3].map((number) => {
      const { door, openForward, openBackward, lamp } = this.#world.doors.door(number);
      return { door, open: openForward || openBackward, lamp };
    });
    this.#onView({
      documents: CAST.map(({ id, title, story, lines }) => ({ id, title, story, lines: [...lines] })),
      scenes: this.#scenes,
      currentScene: this.#scene,
      walksByItself: this.#walksByItself,
      doors,
      place: this.#place,
      unplugged: [...this.#unplugged],
      log: this.#log,
    });
  }

  close(): void {
    this.#closed = true;
    this.#cameras.close();
    this.#world.close();
  }

  async #do(action: BenchAction): Promise<void> {
    switch (action.type) {
      case 'presentDocument':
        return this.#present(castMember(action.documentId));
      case 'presentGarbage':
        this.#say(`the scanner sends garbage: ${action.kind}`);
        return this.#lay(() => this.#world.scanner.presentBytes(GARBAGE[action.kind]));
      case 'standBeforeCamera':
        return this.#stand(action.sceneId);
      case 'walkIn':
        return this.#walk(action.door, 'forward', 1);
      case 'tailgate':
        return this.#walk(action.door, 'forward', 2);
      case 'walkBack':
        return this.#walk(action.door, 'backward', 1);
      case 'walkByItself':
        this.#walksByItself = action.on;
        return;
      case 'unplug':
      case 'replug':
        return this.#cable(action.type, action.device);
      case 'pressEmergency':
        this.#say('somebody presses the emergency button');
        return this.#world.doors.pressEmergency();
    }
  }

  async #present(member: ReturnType<typeof castMember>): Promise<void> {
    this.#say(`presents ${member.title}`);
    // A new traveller has walked up; whoever was led out by an officer is not between the doors any more.
    if (this.#place === 'through') this.#place = 'outside';
    this.#takeChip();
    const chip = await this.#world.chipOffice.chipOf(member);
    // One document on both readers; its holder takes it along when the first door opens.
    if (chip !== null) this.#world.chipReader?.presentChip(chip);
    await this.#lay(() => this.#world.scanner.presentDocument(member.lines));
  }

  #takeChip(): void {
    const reader = this.#world.chipReader;
    if (reader?.chipPresent === true) reader.removeChip();
  }

  async #lay(present: () => Promise<void>): Promise<void> {
    if (this.#world.scanner.documentPresent) this.#world.scanner.removeDocument();
    await present();
    this.#world.scanner.removeDocument();
  }

  async #stand(id: string): Promise<void> {
    const chosen = benchScenes().find((scene) => scene.id === id);
    if (chosen === undefined) throw new Error(`no scene is called ${id}`);
    await this.#cameras.show(chosen.scene);
    this.#scene = id;
    this.#say(`before the camera: ${chosen.title}`);
  }

  async #walk(door: number, direction: 'forward' | 'backward', persons: 1 | 2): Promise<void> {
    const { doors } = this.#world;
    if (direction === 'backward') await doors.walkBack(door);
    else await (persons === 2 ? doors.tailgate(door) : doors.walkIn(door));
    const places: readonly Place[] = ['outside', 'chamberA', 'chamberB', 'through'];
    this.#place = places[direction === 'forward' ? door : door - 1] ?? 'outside';
    this.#say(persons === 2 ? `two people went through door ${door}` : `walked ${direction} through door ${door}`);
  }

  #cable(verb: 'unplug' | 'replug', device: 'scanner' | 'laneController'): void {
    const target = device === 'scanner' ? this.#world.scanner : this.#world.doors;
    target[verb]();
    if (verb === 'unplug') this.#unplugged.add(device);
    else this.#unplugged.delete(device);
    this.#say(`${verb === 'unplug' ? 'unplugged' : 'plugged in'}: ${device}`);
  }

  /** Shows each change of the doors, and walks on by itself when asked to. */
  async #watchDoors(): Promise<void> {
    let shown = '';
    while (!this.#closed) {
      const look = (): string => JSON.stringify([1, 2, 3].map((door) => this.#world.doors.door(door)));
      if (await this.#world.doors.waitFor(() => look() !== shown, WATCH_MS)) {
        shown = look();
        if (this.#world.doors.door(1).openForward) this.#takeChip();
        this.tell();
      }
      if (this.#walksByItself && !this.#walking) void this.#walkOn();
    }
  }

  async #walkOn(): Promise<void> {
    const { doors } = this.#world;
    const place = ['outside', 'chamberA', 'chamberB', 'through'].indexOf(this.#place);
    const [behind, ahead] = [place, place + 1];
    const back = place > 0 && place < 3 && doors.door(behind).openBackward;
    if (!back && (place === 3 || !doors.door(ahead).openForward)) return;
    this.#walking = true;
    await new Promise((resolve) => setTimeout(resolve, PACE.walkAfterMs));
    await this.act(back ? { type: 'walkBack', door: behind } : { type: 'walkIn', door: ahead });
    this.#walking = false;
  }

  #say(text: string): void {
    this.#log = [...this.#log, { at: new Date().toISOString(), text: text.slice(0, 200) }].slice(-LOG_LENGTH);
    this.tell();
  }
}

const WATCH_MS = 150;

function bytes(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}
