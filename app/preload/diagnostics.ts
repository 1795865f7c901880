import { contextBridge, ipcRenderer } from 'electron';
import { CHANNELS, type DiagnosticsApi } from '../contract/window-api.ts';
import { subscribeViews } from './views.ts';

const api: DiagnosticsApi = {
  onView: subscribeViews(CHANNELS.diagnosticsView, CHANNELS.diagnosticsReady),
  act: (action) => ipcRenderer.send(CHANNELS.diagnosticsAction, action),
};

contextBridge.exposeInMainWorld('jointgate', api);
