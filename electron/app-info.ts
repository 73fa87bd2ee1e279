/** What the app is and runs on, for About. */
import { app } from 'electron';
import type { AppInfo } from '../shared/ipc.js';

export function appInfo(): AppInfo {
  const { electron, chrome, node } = process.versions;
  return {
    version: app.getVersion(),
    electron,
    chromium: chrome,
    node,
    platform: `${process.platform} ${process.arch}`,
    standInElectron: process.env['MAILSCOPE_STAND_IN_ELECTRON'] === '1',
  };
}
