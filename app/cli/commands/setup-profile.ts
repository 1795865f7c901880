import { z } from 'zod';
import { directionSchema, laneIdSchema, topologySchema } from '../../contract/crossing.ts';

const deviceSchema = z
  .string()
  .regex(/^(\/dev\/[\w/.+-]{1,200}|tcp:[\w.-]{1,253}:\d{1,5})$/, 'a path below /dev, or tcp:HOST:PORT');

/** What the assistant asks. */
export const answersSchema = z.strictObject({
  laneId: laneIdSchema,
  topology: topologySchema,
  from: directionSchema.shape.from,
  to: directionSchema.shape.to,
  timeZone: z.string().min(1).max(64),
  scanner: z.enum(['lineStream', 'elyctis', 'newland', 'honeywell']),
  scannerAt: deviceSchema,
  doorsAt: deviceSchema,
  chipReaderAt: z.union([deviceSchema, z.literal('none')]),
  dataFolder: z.string().regex(/^\/[\w/.-]{1,200}$/, 'an absolute path'),
});
export type Answers = z.infer<typeof answersSchema>;

export interface Question {
  readonly name: keyof Answers;
  readonly text: string;
  readonly standard: string;
}

export const QUESTIONS: readonly Question[] = [
  { name: 'laneId', text: 'Name of this lane (letters, digits, hyphens)', standard: 'LANE-1' },
  { name: 'topology', text: 'Doors: threeDoor (two chambers) or twoDoor (one)', standard: 'threeDoor' },
  { name: 'from', text: 'State that travellers leave (three letters)', standard: 'CHN' },
  { name: 'to', text: 'State that travellers enter (three letters)', standard: 'MAC' },
  { name: 'timeZone', text: 'Time zone of the port', standard: 'Asia/Macau' },
  { name: 'scanner', text: 'Document scanner: lineStream, elyctis, newland or honeywell', standard: 'lineStream' },
  { name: 'scannerAt', text: 'Where the scanner is', standard: '/dev/jointgate-scanner' },
  { name: 'doorsAt', text: 'Where the door units are', standard: '/dev/jointgate-doors' },
  { name: 'chipReaderAt', text: 'Where the chip reader is, or none', standard: 'none' },
  {
    name: 'dataFolder',
    text: 'Folder of records and keys (only this lane may read it)',
    standard: '/var/lib/jointgate/lane',
  },
];

/** The lane profile, with the words a technician needs at each line. Comments stand on lines of their own. */
export function profileText(answers: Answers): string {
  const units = answers.topology === 'threeDoor' ? '[1, 2, 3]' : '[1, 2]';
  const chip =
    answers.chipReaderAt === 'none' ? 'null' : `{ "driver": "pn532", "at": ${addressOf(answers.chipReaderAt)} }`;
  return `// Lane profile, written by \`jointgate setup\`. Check a change with \`jointgate setup check FILE\`; a field lane starts only
// from a profile that \`jointgate setup sign\` has signed after its last change.
{
  "version": 1,
  // Stands in every record and on every console.
  "laneId": ${JSON.stringify(answers.laneId)},
  // threeDoor: two chambers in series. twoDoor: one chamber.
  "topology": ${JSON.stringify(answers.topology)},
  "direction": { "from": ${JSON.stringify(answers.from)}, "to": ${JSON.stringify(answers.to)} },
  // Which day it is at the port, whatever the machine is set to.
  "timeZone": ${JSON.stringify(answers.timeZone)},
  // Records, keys and enrolment. Folder 0700, owned by the lane's user; never on a shared disk.
  "dataFolder": ${JSON.stringify(answers.dataFolder)},
  "devices": {
    // driver: lineStream, elyctis, newland or honeywell. at: a path, a USB device by vendor and product, or a serial server.
    "documentScanner": { "driver": ${JSON.stringify(answers.scanner)}, "at": ${addressOf(answers.scannerAt)}, "baudRate": 115200 },
    "laneController": {
      "driver": "modbusTurnstile",
      "at": ${addressOf(answers.doorsAt)},
      "baudRate": 9600,
      // lotTurnstile, or the file of another register map.
      "map": "lotTurnstile",
      // Unit ids in the order a traveller meets the doors.
      "units": ${units},
      // Seconds until an unused grant expires in the door unit: the longest a door stays open when this machine dies.
      "passTimeS": 20,
      "passageTimeS": 10
    },
    // null: documents without their chip read.
    "chipReader": ${chip}
  },
  // Rules of both sides' embedded controls. Each side owns and versions its own file.
  "controls": {
    "exit": { "kind": "embedded", "rules": "rules/exit.json" },
    "entry": { "kind": "embedded", "rules": "rules/entry.json" }
  }
}
`;
}

function addressOf(place: string): string {
  if (!place.startsWith('tcp:')) return JSON.stringify({ path: place });
  const [, host, port] = place.split(':');
  return JSON.stringify({ tcp: { host, port: Number(port) } });
}
