/**
 * The main process: starts, holds the one window and the one capture, and ends.
 * No packet ever comes here; the inspector's worker thread reads the file.
 */
import { app } from 'electron';
import { Application } from './application.js';
import { declareAppScheme, serveAppScheme } from './app-protocol.js';
import { launchRequest, type LaunchRequest } from './arguments.js';
import { hardenSession, hardenWebContents } from './security.js';

function requestOf(argv: readonly string[], folder: string): LaunchRequest {
  return launchRequest(argv, app.getAppPath(), folder);
}

async function start(): Promise<void> {
  declareAppScheme();
  hardenWebContents();
  let request = requestOf(process.argv, process.cwd());
  let application: Application | null = null;
  const serve = (next: LaunchRequest): void => {
    if (application === null) request = next;
    else application.serve(next);
  };
  app.on('open-file', (event, path) => {
    event.preventDefault();
    serve({ kind: 'file', path });
  });
  app.on('second-instance', (_event, argv, folder) => serve(requestOf(argv, folder)));
  app.on('window-all-closed', () => app.quit());
  await app.whenReady();
  hardenSession();
  serveAppScheme();
  application = new Application();
  application.serve(request);
}

if (app.requestSingleInstanceLock()) void start();
else app.quit();
