/**
 * Serves the renderer's files at `app://mailscope/`. In: a request of the page.
 * Out: a file of the renderer's folder with its type and the security headers,
 * or 404. Nothing outside of that folder can be reached.
 */
import { readFile } from 'node:fs/promises';
import { extname, join, normalize, sep } from 'node:path';
import { protocol } from 'electron';
import { APP_SCHEME, RENDERER_FOLDER } from './names.js';
import { CONTENT_SECURITY_POLICY, isOwnUrl } from './security.js';

const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.mjs': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.woff2': 'font/woff2',
};

/** To be called before the app is ready. */
export function declareAppScheme(): void {
  protocol.registerSchemesAsPrivileged([
    { scheme: APP_SCHEME, privileges: { standard: true, secure: true, supportFetchAPI: true } },
  ]);
}

/** To be called when the app is ready. */
export function serveAppScheme(): void {
  protocol.handle(APP_SCHEME, (request) => respond(request.url));
}

async function respond(url: string): Promise<Response> {
  const path = fileOf(url);
  if (path === null) return new Response('Not found', { status: 404 });
  try {
    return new Response(await readFile(path), { headers: headersOf(path) });
  } catch {
    return new Response('Not found', { status: 404 });
  }
}

/** The file that a URL of the page names, or null when it names none inside the renderer's folder. */
export function fileOf(url: string, folder: string = RENDERER_FOLDER): string | null {
  if (!isOwnUrl(url)) return null;
  try {
    const name = decodeURIComponent(new URL(url).pathname);
    if (name.includes('\0')) return null;
    const path = normalize(join(folder, name));
    return path.startsWith(folder + sep) ? path : null;
  } catch {
    return null;
  }
}

function headersOf(path: string): Record<string, string> {
  return {
    'Content-Type': TYPES[extname(path)] ?? 'application/octet-stream',
    'Content-Security-Policy': CONTENT_SECURITY_POLICY,
    'X-Content-Type-Options': 'nosniff',
    'Cache-Control': 'no-store',
  };
}
