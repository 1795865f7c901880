import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import sharp from 'sharp';
import type { BenchView } from '../../app/contract/bench-messages.ts';
import { NOW } from './console-views.ts';

const samples = join(dirname(createRequire(import.meta.url).resolve('@vladmandic/face-api/package.json')), 'demo');

async function thumbnail(file: string, left: number, top: number, width: number): Promise<string> {
  const photo = await sharp(join(samples, file)).resize(1600, 1600, { fit: 'inside' }).toBuffer();
  const jpeg = await sharp(photo)
    .extract({ left, top, width, height: Math.round((width * 3) / 4) })
    .resize(240, 180)
    .jpeg()
    .toBuffer();
  return `data:image/jpeg;base64,${jpeg.toString('base64')}`;
}

/** A bench in the middle of a demonstration. Documents and faces are specimens. */
export async function benchView(): Promise<BenchView> {
  const lines = {
    passport: ['P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<', 'L898902C36UTO7408122F1204159ZE184226B<<<<<10'],
    card: ['I<UTOD231458907<<<<<<<<<<<<<<<', '7408122F1204159UTO<<<<<<<<<<<6', 'ERIKSSON<<ANNA<MARIA<<<<<<<<<<'],
    permit: ['CSC000000004<2404200<8108038<6'],
  };
  return {
    documents: [
      { id: 'permit', title: 'ZHENG JIAN, exit-entry permit', story: 'cleared', lines: lines.permit },
      { id: 'passport', title: 'ERIKSSON ANNA MARIA, passport', story: 'entry control refers', lines: lines.passport },
      { id: 'card', title: 'ERIKSSON ANNA MARIA, identity card', story: 'exit control refuses', lines: lines.card },
      { id: 'unknown', title: 'STEVENSON PETER, exit-entry permit', story: 'not enrolled', lines: lines.permit },
    ],
    scenes: [
      { id: 'anna', title: 'Anna, enrolled', thumbnail: await thumbnail('sample3.jpg', 760, 100, 480) },
      { id: 'impostor', title: 'Somebody else', thumbnail: await thumbnail('sample1.jpg', 1090, 120, 400) },
      { id: 'two', title: 'Two people', thumbnail: await thumbnail('sample6.jpg', 700, 100, 640) },
      { id: 'nobody', title: 'Nobody', thumbnail: null },
    ],
    currentScene: 'anna',
    walksByItself: true,
    doors: [
      { door: 1, open: false, lamp: 'red' },
      { door: 2, open: true, lamp: 'green' },
      { door: 3, open: false, lamp: 'amber' },
    ],
    place: 'chamberA',
    unplugged: ['scanner'],
    log: [
      'The bench is ready.',
      'Exit-entry permit laid on the reader.',
      'Door 1 opened.',
      'The traveller walked through door 1.',
      'The scanner was unplugged.',
    ].map((text, index) => ({ at: new Date(NOW - 20_000 + index * 4000).toISOString(), text })),
  };
}
