import { join } from 'node:path';
import { BrowserWindow, type BrowserWindowConstructorOptions, type WebContents } from 'electron';
import { APP_ORIGIN } from './scheme.ts';

export type WindowName = 'traveller' | 'supervisor' | 'bench' | 'diagnostics';

/** Desk sizes; the kiosk takes the whole screen instead. */
const SIZES: Readonly<Record<WindowName, { width: number; height: number; x: number; y: number }>> = {
  traveller: { width: 540, height: 960, x: 0, y: 0 },
  supervisor: { width: 1440, height: 900, x: 560, y: 0 },
  bench: { width: 1200, height: 900, x: 560, y: 920 },
  diagnostics: { width: 1440, height: 900, x: 60, y: 40 },
};
const TITLES: Readonly<Record<WindowName, string>> = {
  traveller: 'Jointgate lane',
  supervisor: 'Jointgate supervisor',
  bench: 'Jointgate demo bench',
  diagnostics: 'Jointgate diagnostics',
};

/** The windows that are open, by name, and whose messages count. */
export class Windows {
  readonly #distFolder: string;
  readonly #windowed: boolean;
  readonly #open = new Map<WindowName, BrowserWindow>();

  constructor(distFolder: string, windowed: boolean) {
    this.#distFolder = distFolder;
    this.#windowed = windowed;
  }

  async open(name: WindowName): Promise<BrowserWindow> {
    const window = new BrowserWindow(this.#settings(name));
    this.#open.set(name, window);
    window.removeMenu();
    window.on('closed', () => this.#open.delete(name));
    // A screen that crashed is loaded again: it holds no state, the next view is the whole state.
    window.webContents.on('render-process-gone', () => {
      if (!window.isDestroyed()) window.webContents.reload();
    });
    window.once('ready-to-show', () => window.show());
    await window.loadURL(`${APP_ORIGIN}/${name}/index.html`);
    return window;
  }

  /** Opens it, or brings it to the front when it is open already. */
  async bringUp(name: WindowName): Promise<void> {
    const window = this.#open.get(name);
    if (window === undefined) await this.open(name);
    else if (!window.isDestroyed()) window.focus();
  }

  send(name: WindowName, channel: string, value: unknown): void {
    const window = this.#open.get(name);
    if (window !== undefined && !window.isDestroyed() && !window.webContents.isCrashed())
      window.webContents.send(channel, value);
  }

  is(name: WindowName, contents: WebContents): boolean {
    return this.#open.get(name)?.webContents === contents;
  }

  #settings(name: WindowName): BrowserWindowConstructorOptions {
    const kiosk = name === 'traveller' && !this.#windowed;
    return {
      ...SIZES[name],
      title: TITLES[name],
      show: false,
      kiosk,
      frame: !kiosk,
      autoHideMenuBar: true,
      backgroundColor: name === 'supervisor' ? '#0f1720' : '#f4f6f8',
      webPreferences: {
        preload: join(this.#distFolder, 'preload', `${name}.cjs`),
        contextIsolation: true,
        sandbox: true,
        nodeIntegration: false,
        nodeIntegrationInWorker: false,
        nodeIntegrationInSubFrames: false,
        webSecurity: true,
        webviewTag: false,
        navigateOnDragDrop: false,
        spellcheck: false,
        devTools: this.#windowed,
        // A kiosk is not a browser tab: it must move also when another window is in front of it.
        backgroundThrottling: false,
      },
    };
  }
}
