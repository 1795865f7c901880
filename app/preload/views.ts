import { type IpcRendererEvent, ipcRenderer } from 'electron';

/** Calls back with each view main sends, the newest first: `ready` asks main for it. Gives the way to unsubscribe. */
export function subscribeViews<V>(
  viewChannel: string,
  readyChannel: string,
): (listener: (view: V) => void) => () => void {
  return (listener) => {
    const receive = (_event: IpcRendererEvent, view: V): void => listener(view);
    ipcRenderer.on(viewChannel, receive);
    ipcRenderer.send(readyChannel);
    return () => {
      ipcRenderer.removeListener(viewChannel, receive);
    };
  };
}
