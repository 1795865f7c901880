import { readFile } from 'node:fs/promises';
import { extname, join, normalize, sep } from 'node:path';
import { protocol, type Session } from 'electron';
import { CONTENT_SECURITY_POLICY } from '../contract/content-security-policy.ts';

export const APP_ORIGIN = 'app://jointgate';

const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.woff2': 'font/woff2',
  '.json': 'application/json',
};

/** Must run before the app is ready: the scheme counts as secure, so that getUserMedia works without a server. */
export function registerScheme(): void {
  protocol.registerSchemesAsPrivileged([
    { scheme: 'app', privileges: { standard: true, secure: true, codeCache: true } },
  ]);
}

/** Serves the built renderer files and nothing else of the disk. */
export function serveScheme(session: Session, rendererFolder: string): void {
  session.protocol.handle('app', async (request) => {
    const url = new URL(request.url);
    const path = normalize(join(rendererFolder, decodeURIComponent(url.pathname)));
    const type = TYPES[extname(path)];
    if (`${url.protocol}//${url.host}` !== APP_ORIGIN || !path.startsWith(rendererFolder + sep) || type === undefined) {
      return new Response(null, { status: 404 });
    }
    try {
      return new Response(new Uint8Array(await readFile(path)), {
        headers: {
          'content-type': type,
          'content-security-policy': CONTENT_SECURITY_POLICY,
          'x-content-type-options': 'nosniff',
          'cross-origin-opener-policy': 'same-origin',
        },
      });
    } catch {
      // A file that is not there: the page says so by missing, the path is nobody's business.
      return new Response(null, { status: 404 });
    }
  });
}
