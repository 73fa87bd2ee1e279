/**
 * The one window: sandboxed, shown when its first picture is ready, in the
 * colour of the theme before that, where it was last time.
 */
import { join } from 'node:path';
import { app, BrowserWindow, nativeTheme, screen } from 'electron';
import { APP_PAGE, PRELOAD_FILE } from './names.js';
import { readBounds, writeBounds } from './window-bounds.js';

/** The page's backgrounds, `--bg` of the theme. */
const BACKGROUND = { dark: '#0f1318', light: '#f3f5f8' } as const;
const SMALLEST = { width: 1024, height: 640 } as const;
const USUAL = { width: 1440, height: 900 } as const;

export function openWindow(): BrowserWindow {
  const boundsFile = join(app.getPath('userData'), 'window.json');
  const screens = screen.getAllDisplays().map((display) => display.workArea);
  const bounds = readBounds(boundsFile, screens);
  const window = new BrowserWindow({
    ...(bounds === null ? USUAL : { x: bounds.x, y: bounds.y, width: bounds.width, height: bounds.height }),
    minWidth: SMALLEST.width,
    minHeight: SMALLEST.height,
    show: false,
    title: 'Mailscope',
    backgroundColor: currentBackground(),
    webPreferences: {
      preload: PRELOAD_FILE,
      sandbox: true,
      contextIsolation: true,
      nodeIntegration: false,
      webviewTag: false,
      spellcheck: false,
      navigateOnDragDrop: false,
    },
  });
  if (bounds?.maximized === true) window.maximize();
  window.once('ready-to-show', () => window.show());
  window.on('close', () => writeBounds(boundsFile, { ...window.getNormalBounds(), maximized: window.isMaximized() }));
  void window.loadURL(APP_PAGE);
  return window;
}

/** Follows the theme, for what is seen before the page has drawn and while the window grows. */
export function recolour(window: BrowserWindow): void {
  window.setBackgroundColor(currentBackground());
}

function currentBackground(): string {
  return nativeTheme.shouldUseDarkColors ? BACKGROUND.dark : BACKGROUND.light;
}
