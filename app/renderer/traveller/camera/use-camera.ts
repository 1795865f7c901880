import { useEffect, useState } from 'react';
import type { CameraMode } from '../../../contract/traveller-view.ts';
import type { TravellerApi } from '../../../contract/window-api.ts';
import { CameraSession } from './camera-session.ts';
import { createFramePump } from './frame-pump.ts';

/** Runs the camera as `mode` says; frames and states go to the lane, the picture comes back for the mirror. */
export function useCamera(api: TravellerApi, mode: CameraMode): MediaStream | null {
  const [stream, show] = useState<MediaStream | null>(null);
  const [session] = useState(
    () =>
      new CameraSession({
        getUserMedia: (constraints) => navigator.mediaDevices.getUserMedia(constraints),
        pump: createFramePump((frame) => api.sendFrame(frame)),
        report: (state) => api.act({ type: 'cameraState', state }),
        show,
        after: (ms, call) => {
          const timer = setTimeout(call, ms);
          return () => clearTimeout(timer);
        },
      }),
  );
  useEffect(() => session.want(mode), [session, mode]);
  return stream;
}
