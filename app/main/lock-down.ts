import { app, type Session, session, type WebContents } from 'electron';
import { APP_ORIGIN } from './scheme.ts';

/**
 * No navigation, no new windows, no webviews, no downloads, no permission but the camera, and that only for the traveller
 * window (Electron security checklist 4, 5, 12 to 15).
 */
export function lockDown(isTraveller: (contents: WebContents) => boolean): void {
  app.on('web-contents-created', (_event, contents) => {
    contents.on('will-navigate', (event) => event.preventDefault());
    contents.on('will-redirect', (event) => event.preventDefault());
    contents.on('will-attach-webview', (event) => event.preventDefault());
    contents.setWindowOpenHandler(() => ({ action: 'deny' }));
  });
  lockSession(session.defaultSession, isTraveller);
}

function lockSession(target: Session, isTraveller: (contents: WebContents) => boolean): void {
  target.setPermissionRequestHandler((contents, permission, callback, details) => {
    const kinds = 'mediaTypes' in details ? (details.mediaTypes ?? []) : [];
    callback(
      permission === 'media' && isTraveller(contents) && kinds.length > 0 && kinds.every((kind) => kind === 'video'),
    );
  });
  target.setPermissionCheckHandler((contents, permission, origin, details) => {
    const ours = origin === APP_ORIGIN || origin === `${APP_ORIGIN}/`;
    return (
      permission === 'media' && ours && contents !== null && isTraveller(contents) && details.mediaType !== 'audio'
    );
  });
  target.setDevicePermissionHandler(() => false);
  target.on('will-download', (event) => event.preventDefault());
  // The kiosk has no network of its own: whatever is asked for beyond our scheme is refused.
  target.webRequest.onBeforeRequest((details, callback) => {
    callback({ cancel: !/^(app:\/\/jointgate\/|blob:app:\/\/jointgate\/|data:|devtools:)/.test(details.url) });
  });
}
