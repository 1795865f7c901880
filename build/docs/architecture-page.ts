import { z } from 'zod';

export const layersSchema = z.object({
  rooms: z.record(z.string(), z.object({ may: z.array(z.string()), packages: z.array(z.string()).optional() })),
  packagesOnlyIn: z.record(z.string(), z.array(z.string())),
});
export type Layers = z.infer<typeof layersSchema>;

/** `docs/architecture.md`: the rooms and their doors, as the layer rule has them. `hasReadme`: whether a room tells more about itself. */
export function architecturePage({ rooms, packagesOnlyIn }: Layers, hasReadme: (room: string) => boolean): string {
  return [
    '# Architecture',
    '',
    'Written by `node build/docs/architecture.ts` from `build/layers/layers.json`, the rule that `npm run check:layers` holds; a test fails',
    'when it is stale. A document comes in at the left, a door opens at the right, and every room is passed once.',
    '',
    '## Processes',
    '',
    '```mermaid',
    'flowchart LR',
    '  subgraph electron[Electron]',
    '    main[main: windows, lock-down, supervision]',
    '    traveller[traveller screen]',
    '    supervisor[supervisor console]',
    '    diagnostics[diagnostics]',
    '  end',
    '  subgraph laneProcess[lane process]',
    '    lane[lane: devices, controls, record]',
    '    face[[face worker: ONNX]]',
    '    sqlite[[record worker: SQLite]]',
    '  end',
    '  traveller <-->|IPC, schemas| main',
    '  supervisor <-->|IPC, schemas| main',
    '  diagnostics <-->|IPC, schemas| main',
    '  traveller -->|camera frames| lane',
    '  main <-->|messages, schemas| lane',
    '  lane --- face',
    '  lane --- sqlite',
    '  lane <-->|serial, USB, TCP| devices[(devices)]',
    '  lane <-->|HTTPS, mutual TLS| controls[controls of both sides]',
    '  lane <-->|HTTPS, mutual TLS| hub[port hub, PostgreSQL]',
    '```',
    '',
    'The crossing itself is drawn in [crossing.md](crossing.md).',
    '',
    '## Rooms',
    '',
    'An arrow means: may import. What a room may reach through another one it may import itself is left out.',
    '',
    '```mermaid',
    'flowchart LR',
    ...Object.entries(rooms).flatMap(([room, { may }]) =>
      nearest(may, rooms).map((next) => `  ${idOf(room)}["${room}"] --> ${idOf(next)}["${next}"]`),
    ),
    '```',
    '',
    '| Room | May import | Packages |',
    '| --- | --- | --- |',
    ...Object.entries(rooms).map(
      ([room, { may, packages }]) =>
        `| ${hasReadme(room) ? `[${room}](../${room}/README.md)` : `\`${room}\``} | ${may.map((next) => `\`${next}\``).join(' ')} | ${packagesOf(packages)} |`,
    ),
    '',
    '## Packages with a home',
    '',
    'Native and heavy packages are imported in these rooms only.',
    '',
    '| Package | Rooms |',
    '| --- | --- |',
    ...Object.entries(packagesOnlyIn).map(([name, homes]) => `| \`${name}\` | ${homes.join(', ')} |`),
    '',
  ].join('\n');
}

/** Of what a room may import, what it reaches through no other of them: the arrows a reader needs. */
function nearest(may: readonly string[], rooms: Layers['rooms']): readonly string[] {
  return may.filter((next) => !may.some((other) => other !== next && rooms[other]?.may.includes(next) === true));
}

function packagesOf(packages: readonly string[] | undefined): string {
  if (packages === undefined) return 'any';
  return packages.length === 0 ? 'none' : packages.map((name) => `\`${name}\``).join(' ');
}

const idOf = (room: string): string => room.replaceAll(/[^a-z]/g, '_');
