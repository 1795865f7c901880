import sharp from 'sharp';
import { CAST } from './cast.ts';
import { cutPortrait, listSpecimenTravellers, type Scene } from './specimens/specimens.ts';

/** Who or what the person at the bench can put before the camera. */
export interface BenchScene {
  readonly id: string;
  readonly title: string;
  readonly scene: Scene;
  /** Specimen face of the thumbnail; null for an empty place. */
  readonly face: string | null;
}

const THUMBNAIL = { width: 120, height: 150 };

export function benchScenes(): readonly BenchScene[] {
  const people = CAST.map((member): BenchScene => {
    const live = liveFaceOf(member.person);
    return {
      id: `person-${member.id}`,
      title: member.title.split(',')[0] ?? member.id,
      scene: { kind: 'person', face: live },
      face: live,
    };
  });
  const [first, second] = [liveFaceOf('p01'), liveFaceOf('p03')];
  return [
    { id: 'nobody', title: 'nobody', scene: { kind: 'nobody' }, face: null },
    ...people,
    {
      id: 'stranger',
      title: 'a stranger',
      scene: { kind: 'person', face: liveFaceOf('p10') },
      face: liveFaceOf('p10'),
    },
    { id: 'two-people', title: 'two people', scene: { kind: 'twoPeople', left: first, right: second }, face: second },
    { id: 'frozen', title: 'a frozen camera', scene: { kind: 'frozen', face: second }, face: second },
    { id: 'printed-photo', title: 'a printed photo', scene: { kind: 'printedPhoto', face: second }, face: second },
  ];
}

export function liveFaceOf(person: string): string {
  const traveller = listSpecimenTravellers().find((candidate) => candidate.person === person);
  if (traveller === undefined) throw new Error(`no specimen photographs of ${person}`);
  return traveller.live;
}

export async function thumbnailOf(scene: BenchScene): Promise<string | null> {
  if (scene.face === null) return null;
  const small = await sharp(await cutPortrait(scene.face))
    .resize(THUMBNAIL.width, THUMBNAIL.height, { fit: 'cover' })
    .jpeg({ quality: 80 })
    .toBuffer();
  return `data:image/jpeg;base64,${small.toString('base64')}`;
}
