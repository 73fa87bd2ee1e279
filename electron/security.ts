/**
 * What the page may not do: go elsewhere, open windows, embed, ask for
 * permissions, load from anywhere but the app. Applied to every web contents
 * and to the session, whoever made them.
 */
import { app, session, type Session } from 'electron';
import { APP_ORIGIN } from './names.js';

/** No inline script or style, no remote origin; the page's own meta element says the same (and the terminal obeys it). */
export const CONTENT_SECURITY_POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "font-src 'self'",
  "img-src 'self' data:",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');

/** True for the app's own page and its parts. */
export function isOwnUrl(url: string): boolean {
  try {
    const { protocol, host } = new URL(url);
    return `${protocol}//${host}` === APP_ORIGIN;
  } catch {
    return false;
  }
}

/** To be called before the first window exists. */
export function hardenWebContents(): void {
  app.on('web-contents-created', (_event, contents) => {
    contents.setWindowOpenHandler(() => ({ action: 'deny' }));
    contents.on('will-navigate', (event) => event.preventDefault());
    contents.on('will-redirect', (event) => event.preventDefault());
    contents.on('will-attach-webview', (event) => event.preventDefault());
  });
}

/** To be called when the app is ready. */
export function hardenSession(target: Session = session.defaultSession): void {
  target.setPermissionRequestHandler((_contents, _permission, answer) => answer(false));
  target.setPermissionCheckHandler(() => false);
  target.on('will-download', (event) => event.preventDefault());
  // The page needs nothing but its own files: everything else is refused, also if a style or a bug asked for it.
  target.webRequest.onBeforeRequest((details, answer) => {
    answer({
      cancel: !isOwnUrl(details.url) && !details.url.startsWith('data:') && !details.url.startsWith('devtools:'),
    });
  });
}
