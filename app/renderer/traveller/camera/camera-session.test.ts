import { describe, expect, it, vi } from 'vitest';
import type { CameraMode } from '../../../contract/traveller-view.ts';
import { CameraSession, type CameraWord, wordForError } from './camera-session.ts';

class FakeTrack extends EventTarget {
  muted = false;
  stopped = false;
  readonly frameRates: unknown[] = [];
  applyConstraints({ frameRate }: MediaTrackConstraints): Promise<void> {
    this.frameRates.push((frameRate as ConstrainULongRange).max);
    return this.frameRates.length % 2 === 0 ? Promise.reject(named('OverconstrainedError')) : Promise.resolve();
  }
  stop(): void {
    this.stopped = true;
  }
}

const streamOf = (track: FakeTrack): MediaStream =>
  ({ getTracks: () => [track], getVideoTracks: () => [track] }) as unknown as MediaStream;

const named = (name: string): Error => Object.assign(new Error(name), { name });

function setUp(answers: (() => Promise<MediaStream>)[]) {
  const said: CameraWord[] = [];
  const paces: CameraMode[] = [];
  const shown: (MediaStream | null)[] = [];
  let retry: (() => void) | null = null;
  let failPump: () => void = () => {};
  const session = new CameraSession({
    getUserMedia: () => answers.shift()?.() ?? Promise.reject(named('unexpected')),
    pump: {
      pace: (mode) => paces.push(mode),
      start: (_track, onFailed) => {
        failPump = onFailed;
      },
    },
    report: (word) => said.push(word),
    show: (stream) => shown.push(stream),
    after: (_ms, call) => {
      retry = call;
      return () => {
        retry = null;
      };
    },
  });
  return {
    session,
    said,
    paces,
    shown,
    retryNow: () => retry?.(),
    retryIsDue: () => retry !== null,
    failPump: () => failPump(),
  };
}

describe('camera session', () => {
  it('is live while wanted and off after, and stops the track', async () => {
    const track = new FakeTrack();
    const { session, said, shown } = setUp([async () => streamOf(track)]);
    session.want('off');
    session.want('capture');
    await vi.waitFor(() => expect(said).toEqual(['off', 'live']));
    session.want('off');
    expect(said).toEqual(['off', 'live', 'off']);
    expect(track.stopped).toBe(true);
    expect(shown.at(-1)).toBeNull();
  });

  it.each([
    ['NotAllowedError', 'denied'],
    ['SecurityError', 'denied'],
    ['NotFoundError', 'absent'],
    ['OverconstrainedError', 'absent'],
    ['NotReadableError', 'failed'],
    ['AbortError', 'failed'],
  ] as const)('calls %s %s', (name, word) => expect(wordForError(named(name))).toBe(word));

  it('tries again while it is wanted and tells when the camera came back', async () => {
    const { session, said, retryNow } = setUp([
      () => Promise.reject(named('NotFoundError')),
      async () => streamOf(new FakeTrack()),
    ]);
    session.want('capture');
    await vi.waitFor(() => expect(said).toEqual(['absent']));
    retryNow();
    await vi.waitFor(() => expect(said).toEqual(['absent', 'live']));
  });

  it('reports a track that mutes, unmutes and ends', async () => {
    const track = new FakeTrack();
    const { session, said, retryIsDue } = setUp([async () => streamOf(track)]);
    session.want('capture');
    await vi.waitFor(() => expect(said).toEqual(['live']));
    track.dispatchEvent(new Event('mute'));
    track.dispatchEvent(new Event('unmute'));
    track.dispatchEvent(new Event('ended'));
    expect(said).toEqual(['live', 'failed', 'live', 'failed']);
    expect(retryIsDue()).toBe(true);
  });

  it('reports frames that can not be read', async () => {
    const { session, said, failPump } = setUp([async () => streamOf(new FakeTrack())]);
    session.want('capture');
    await vi.waitFor(() => expect(said).toEqual(['live']));
    failPump();
    expect(said).toEqual(['live', 'failed']);
  });

  it('does not light up when the traveller went on while the camera was opening', async () => {
    const track = new FakeTrack();
    let open: (stream: MediaStream) => void = () => {};
    const { session, said } = setUp([
      () =>
        new Promise((resolve) => {
          open = resolve;
        }),
    ]);
    session.want('capture');
    session.want('off');
    open(streamOf(track));
    await vi.waitFor(() => expect(track.stopped).toBe(true));
    expect(said).toEqual(['off']);
  });

  it('does not try again once it is not wanted', async () => {
    const { session, said, retryIsDue } = setUp([() => Promise.reject(named('NotAllowedError'))]);
    session.want('capture');
    await vi.waitFor(() => expect(said).toEqual(['denied']));
    session.want('off');
    expect(retryIsDue()).toBe(false);
    expect(said).toEqual(['denied', 'off']);
  });

  it('is opened once, though what is wanted changes while it opens', async () => {
    const track = new FakeTrack();
    const { session, said } = setUp([async () => streamOf(track), async () => streamOf(new FakeTrack())]);
    session.want('capture');
    session.want('watch');
    await vi.waitFor(() => expect(said).toEqual(['live']));
    expect(track.stopped).toBe(false);
  });

  it('goes from watching to capturing without opening the camera anew', async () => {
    const track = new FakeTrack();
    const { session, said, paces } = setUp([async () => streamOf(track)]);
    session.want('watch');
    await vi.waitFor(() => expect(said).toEqual(['live']));
    session.want('capture');
    session.want('off');
    expect(said).toEqual(['live', 'off']);
    expect(paces).toEqual(['watch', 'watch', 'capture']);
    // The mirror is drawn half as often while nobody looks into it. One that refuses is none the worse.
    expect(track.frameRates).toEqual([15, 30]);
  });
});
