import { contextBridge, ipcRenderer } from 'electron';
import { CHANNELS, type SupervisorApi } from '../contract/window-api.ts';
import { subscribeViews } from './views.ts';

const api: SupervisorApi = {
  onView: subscribeViews(CHANNELS.supervisorView, CHANNELS.supervisorReady),
  act: (action) => ipcRenderer.send(CHANNELS.supervisorAction, action),
  look: (viewer) => ipcRenderer.send(CHANNELS.supervisorViewer, viewer),
};

contextBridge.exposeInMainWorld('jointgate', api);
