import { type FromLane, type ToLane, toLaneSchema } from '../contract/lane-messages.ts';
import { cameraFrameSchema } from '../contract/traveller-view.ts';

/** How the lane process speaks with whoever started it, checked by the contract on the way in. */
export interface LanePort {
  send(message: FromLane): void;
  onMessage(listener: (message: ToLane) => void): void;
  /** The other end is gone: nobody watches this lane any more. */
  onDisconnect(listener: () => void): void;
}

/** The port of an Electron utilityProcess (`process.parentPort`), as far as it is used. */
interface ParentPort {
  postMessage(message: unknown): void;
  on(event: 'message', listener: (event: { data: unknown; ports: MessagePortLike[] }) => void): void;
}
interface MessagePortLike {
  on(event: 'message', listener: (event: { data: unknown }) => void): void;
  start(): void;
}

export function openLanePort(): LanePort {
  const parentPort = (process as { parentPort?: ParentPort }).parentPort;
  return parentPort === undefined ? forkedPort() : utilityPort(parentPort);
}

function utilityPort(parent: ParentPort): LanePort {
  return {
    send: (message) => parent.postMessage(message),
    onMessage: (listener) => {
      parent.on('message', ({ data, ports: [frames] }) => {
        if (frames !== undefined) listenToFrames(frames, listener);
        else deliver(data, listener);
      });
    },
    // Electron ends its utility processes with itself.
    onDisconnect: () => undefined,
  };
}

/** On this port a window may send frames and nothing else. */
function listenToFrames(port: MessagePortLike, listener: (message: ToLane) => void): void {
  port.on('message', ({ data }) => {
    const frame = cameraFrameSchema.safeParse(data);
    if (frame.success) listener(frame.data);
  });
  port.start();
}

function forkedPort(): LanePort {
  return {
    send: (message) => {
      if (process.connected) process.send?.(message);
    },
    onMessage: (listener) => process.on('message', (data) => deliver(data, listener)),
    onDisconnect: (listener) => process.on('disconnect', listener),
  };
}

function deliver(data: unknown, listener: (message: ToLane) => void): void {
  const message = toLaneSchema.safeParse(data);
  if (message.success) listener(message.data);
}
