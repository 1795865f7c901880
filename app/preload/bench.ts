import { contextBridge, ipcRenderer } from 'electron';
import { type BenchApi, CHANNELS } from '../contract/window-api.ts';
import { subscribeViews } from './views.ts';

const api: BenchApi = {
  onView: subscribeViews(CHANNELS.benchView, CHANNELS.benchReady),
  act: (action) => ipcRenderer.send(CHANNELS.benchAction, action),
};

contextBridge.exposeInMainWorld('jointgate', api);
