/** A rectangle in pixels of the photograph brought to 1,600 pixels on its longer side. */
export interface SpecimenBox {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/**
 * One face in one specimen photograph. `portrait`: an enrolled portrait only; `live`: stands before the camera only;
 * `both`: the one photograph of this person serves as both, so its match says nothing about recognition.
 */
export interface SpecimenFace {
  readonly id: string;
  /** Faces with the same person are the same human being. */
  readonly person: string;
  /** File in the demo folder of the package the photographs come from. */
  readonly source: string;
  readonly box: SpecimenBox;
  readonly role: 'portrait' | 'live' | 'both';
  /** Degrees the photograph is turned so that the face is upright, clockwise. */
  readonly uprightDegrees: number;
  /** How many box heights of the photograph stand before the camera. */
  readonly liveHeights: number;
}

const face = (
  id: string,
  person: string,
  source: string,
  [x, y, width, height]: readonly [number, number, number, number],
  role: SpecimenFace['role'],
  uprightDegrees = 0,
  liveHeights = 2.15,
): SpecimenFace => ({ id, person, source, box: { x, y, width, height }, role, uprightDegrees, liveHeights });

/** Found with our own detector, then chosen by eye: open eyes, turned little, no hand or hair over the face. */
const FACES: readonly SpecimenFace[] = [
  face('p01-portrait', 'p01', 'sample3.jpg', [894, 174, 192, 245], 'portrait'),
  face('p01-live', 'p01', 'sample1.jpg', [1217, 177, 195, 188], 'live', -24),
  face('p02', 'p02', 'sample6.jpg', [1231, 222, 187, 245], 'both', 0, 2.35),
  face('p03', 'p03', 'sample6.jpg', [215, 402, 176, 230], 'both', 6),
  face('p04', 'p04', 'sample4.jpg', [551, 57, 157, 204], 'both', -26),
  face('p05', 'p05', 'sample5.jpg', [933, 175, 129, 186], 'both'),
  face('p06', 'p06', 'sample5.jpg', [317, 741, 139, 231], 'both'),
  face('p07', 'p07', 'sample3.jpg', [489, 264, 174, 241], 'both'),
  face('p08', 'p08', 'sample5.jpg', [662, 94, 130, 173], 'both', -8, 2.25),
  face('p09', 'p09', 'sample3.jpg', [1253, 255, 152, 218], 'both', 0, 2),
  face('p10', 'p10', 'sample4.jpg', [1056, 132, 127, 191], 'both', -20, 2.05),
];

export function listSpecimenFaces(): readonly SpecimenFace[] {
  return FACES;
}

export function specimenFace(id: string): SpecimenFace {
  const found = FACES.find((candidate) => candidate.id === id);
  if (!found) throw new Error(`no specimen face is called ${id}`);
  return found;
}

/** A demo traveller: the face that is enrolled and the face that comes to the camera. */
export interface SpecimenTraveller {
  readonly person: string;
  readonly portrait: string;
  readonly live: string;
  /** 2: two different photographs of this person. 1: one photograph, rendered in two ways. */
  readonly photographs: 1 | 2;
}

export function listSpecimenTravellers(): readonly SpecimenTraveller[] {
  const people = [...new Set(FACES.map(({ person }) => person))];
  return people.map((person) => {
    const own = FACES.filter((candidate) => candidate.person === person);
    const portrait = own.find(({ role }) => role !== 'live')!;
    const live = own.find(({ role }) => role !== 'portrait')!;
    return { person, portrait: portrait.id, live: live.id, photographs: portrait === live ? 1 : 2 };
  });
}
