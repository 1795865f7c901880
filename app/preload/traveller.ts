import { contextBridge, ipcRenderer } from 'electron';
import { CHANNELS, type TravellerApi } from '../contract/window-api.ts';
import { subscribeViews } from './views.ts';

// One channel for the life of the page. Main hands the other end to the lane, again after each restart of the lane.
let frames: MessagePort | null = null;

function openFramePort(): MessagePort {
  const channel = new MessageChannel();
  ipcRenderer.postMessage(CHANNELS.travellerFramePort, null, [channel.port2]);
  return channel.port1;
}

const api: TravellerApi = {
  onView: subscribeViews(CHANNELS.travellerView, CHANNELS.travellerReady),
  act: (action) => {
    // A camera that starts may have a new lane behind it: its frames get a new port.
    if (action.type === 'cameraState' && action.state === 'live') {
      frames?.close();
      frames = openFramePort();
    }
    ipcRenderer.send(CHANNELS.travellerAction, action);
  },
  sendFrame: (frame) => {
    frames ??= openFramePort();
    frames.postMessage(frame);
  },
};

contextBridge.exposeInMainWorld('jointgate', api);
