import { existsSync } from 'node:fs';
import { type Browser, chromium } from 'playwright';

const PLACES = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];

/** A Chromium to look with: `JOINTGATE_CHROMIUM`, or the system's. Null when there is none; the caller says so aloud. */
export function findChromium(): string | null {
  const asked = process.env.JOINTGATE_CHROMIUM;
  return [...(asked === undefined ? [] : [asked]), ...PLACES].find((path) => existsSync(path)) ?? null;
}

/** Starts Chromium with a film in place of a camera and sound allowed without a touch, as the kiosk has it. */
export async function launchChromium(executablePath: string, film: string): Promise<Browser> {
  return chromium.launch({
    executablePath,
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--disable-background-networking',
      '--autoplay-policy=no-user-gesture-required',
      '--use-fake-device-for-media-stream',
      '--use-fake-ui-for-media-stream',
      `--use-file-for-fake-video-capture=${film}`,
    ],
  });
}
