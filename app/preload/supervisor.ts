import { contextBridge, type IpcRendererEvent, ipcRenderer } from 'electron';
import type { ConsoleUpdate } from '../contract/supervisor-console.ts';
import { CHANNELS, type SupervisorApi } from '../contract/window-api.ts';

const api: SupervisorApi = {
  onUpdate: (listener) => {
    const receive = (_event: IpcRendererEvent, update: ConsoleUpdate): void => listener(update);
    ipcRenderer.on(CHANNELS.supervisorUpdate, receive);
    return () => {
      ipcRenderer.removeListener(CHANNELS.supervisorUpdate, receive);
    };
  },
  ask: (request) => ipcRenderer.invoke(CHANNELS.supervisorAsk, request),
  saveText: (name, text) => ipcRenderer.invoke(CHANNELS.supervisorSave, { name, text }),
};

contextBridge.exposeInMainWorld('jointgate', api);
