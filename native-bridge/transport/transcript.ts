import { ok } from '../../app/contract/result.ts';
import type { Timing } from '../ports/timing.ts';
import type { ByteLink, LinkOpener, LinkSink } from './byte-link.ts';

/**
 * Transcripts of a wire, one line a read or write: `=> 0103..` from us, `<= 0103..` to us, `!! opened` and `!! closed`.
 * `lengths` writes how many bytes went instead of which: what document and chip readers say is somebody's passport.
 */
export type TranscriptContents = 'lengths' | 'bytes';

const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');

/** A link that is written down as it is used. Nothing records unless a technician's tool wraps an opener in this. */
export function recordingOpener(
  opener: LinkOpener,
  contents: TranscriptContents,
  timing: Timing,
  write: (line: string) => void,
): LinkOpener {
  const startedAt = timing.now();
  const note = (mark: string, bytes: Uint8Array | string): void => {
    const what = typeof bytes === 'string' ? bytes : contents === 'bytes' ? hex(bytes) : `${bytes.length} bytes`;
    write(`${(timing.now() - startedAt).toFixed(1).padStart(9)} ${mark} ${what}`);
  };
  const recorded = (link: ByteLink): ByteLink => ({
    write: (bytes) => {
      note('=>', bytes);
      return link.write(bytes);
    },
    close: () => {
      note('!!', 'closed by us');
      return link.close();
    },
  });
  return {
    name: `${opener.name} (recorded)`,
    open: async (sink) => {
      const opened = await opener.open({
        received: (bytes) => {
          note('<=', bytes);
          sink.received(bytes);
        },
        closed: () => {
          note('!!', 'closed');
          sink.closed();
        },
      });
      note('!!', opened.ok ? 'opened' : opened.error.cause);
      return opened.ok ? ok(recorded(opened.value)) : opened;
    },
  };
}

interface Step {
  readonly from: 'us' | 'device';
  readonly hex: string;
}

function parseTranscript(transcript: string): Step[] {
  return transcript.split('\n').flatMap((line): Step[] => {
    const found = /(=>|<=)\s+([0-9a-f\s]+)$/.exec(line.trim());
    if (found === null) return [];
    return [{ from: found[1] === '=>' ? 'us' : 'device', hex: (found[2] ?? '').replaceAll(/\s/g, '') }];
  });
}

/** Plays a device from a transcript, strictly in order. What the transcript does not expect, and what it still expects at the end, throws. */
export class ReplayLink implements LinkOpener {
  readonly name = 'replay';
  readonly #steps: Step[];
  #sink: LinkSink | null = null;
  #surprise: string | null = null;

  constructor(transcript: string) {
    this.#steps = parseTranscript(transcript);
  }

  open(sink: LinkSink): ReturnType<LinkOpener['open']> {
    this.#sink = sink;
    this.#speak();
    const link: ByteLink = {
      write: (bytes) => {
        this.#hear(hex(bytes));
        return Promise.resolve(ok());
      },
      close: () => {
        this.#sink = null;
        return Promise.resolve();
      },
    };
    return Promise.resolve(ok(link));
  }

  /** To be called at the end of a test. */
  assertFinished(): void {
    if (this.#surprise !== null) throw new Error(this.#surprise);
    const [next] = this.#steps;
    if (next !== undefined)
      throw new Error(`${this.#steps.length} steps of the transcript are left; next: ${next.from} ${next.hex}`);
  }

  #hear(heard: string): void {
    const expected = this.#steps.shift();
    if (expected?.from !== 'us' || expected.hex !== heard) {
      this.#surprise ??= `the driver wrote ${heard}; the transcript expects ${expected === undefined ? 'nothing' : expected.hex}`;
      return;
    }
    this.#speak();
  }

  #speak(): void {
    // Later, as a wire would: the driver must have finished writing before it hears the answer.
    queueMicrotask(() => {
      while (this.#steps[0]?.from === 'device') {
        const step = this.#steps.shift();
        this.#sink?.received(Buffer.from(step?.hex ?? '', 'hex'));
      }
    });
  }
}
