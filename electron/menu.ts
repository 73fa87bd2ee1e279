/** The application menu. What belongs to the page is sent to it as a command; the rest are Electron's roles. */
import { Menu, type MenuItemConstructorOptions } from 'electron';
import type { MenuCommand, ThemeChoice } from '../shared/ipc.js';

export interface MenuActions {
  readonly command: (command: MenuCommand) => void;
  readonly setTheme: (theme: ThemeChoice) => void;
}

const THEMES: readonly (readonly [ThemeChoice, string])[] = [
  ['system', 'As the System'],
  ['light', 'Light'],
  ['dark', 'Dark'],
];

/** Makes the menu anew, with the chosen theme marked. */
export function setMenu(actions: MenuActions, theme: ThemeChoice): void {
  const isMac = process.platform === 'darwin';
  const template: MenuItemConstructorOptions[] = [
    ...(isMac ? [{ role: 'appMenu' } as const] : []),
    fileMenu(actions, isMac),
    editMenu(actions),
    captureMenu(actions),
    viewMenu(actions, theme),
    { role: 'windowMenu' },
    helpMenu(actions),
  ];
  Menu.setApplicationMenu(Menu.buildFromTemplate(template));
}

function fileMenu({ command }: MenuActions, isMac: boolean): MenuItemConstructorOptions {
  return {
    label: '&File',
    submenu: [
      { label: '&Open Capture…', accelerator: 'CmdOrCtrl+O', click: () => command('open') },
      { label: 'Open the &Sample Capture', click: () => command('open-sample') },
      { label: '&Close Capture', accelerator: 'CmdOrCtrl+W', click: () => command('close') },
      { type: 'separator' },
      { label: 'Se&ttings…', accelerator: 'CmdOrCtrl+,', click: () => command('settings') },
      { type: 'separator' },
      { role: isMac ? 'close' : 'quit', accelerator: isMac ? 'Shift+Cmd+W' : 'Ctrl+Q' },
    ],
  };
}

function captureMenu({ command }: MenuActions): MenuItemConstructorOptions {
  return {
    label: '&Capture',
    submenu: [
      { label: '&Start or Stop', accelerator: 'CmdOrCtrl+E', click: () => command('start-stop') },
      { label: '&Pause or Resume the Display', click: () => command('pause-display') },
      { type: 'separator' },
      { label: 'Sa&ve Capture…', accelerator: 'CmdOrCtrl+S', click: () => command('save-capture') },
    ],
  };
}

function editMenu({ command }: MenuActions): MenuItemConstructorOptions {
  return {
    label: '&Edit',
    submenu: [
      { role: 'undo' },
      { role: 'redo' },
      { type: 'separator' },
      { role: 'cut' },
      { role: 'copy' },
      { role: 'paste' },
      { role: 'selectAll' },
      { type: 'separator' },
      { label: '&Find', accelerator: 'CmdOrCtrl+F', click: () => command('find') },
    ],
  };
}

function viewMenu({ command, setTheme }: MenuActions, theme: ThemeChoice): MenuItemConstructorOptions {
  return {
    label: '&View',
    submenu: [
      { label: '&Sessions', accelerator: 'CmdOrCtrl+1', click: () => command('sessions') },
      { label: '&Violations', accelerator: 'CmdOrCtrl+2', click: () => command('violations') },
      { label: '&Policy', accelerator: 'CmdOrCtrl+3', click: () => command('policy') },
      { type: 'separator' },
      {
        label: '&Theme',
        submenu: THEMES.map(([choice, label]) => ({
          label,
          type: 'radio',
          checked: choice === theme,
          click: () => setTheme(choice),
        })),
      },
      { type: 'separator' },
      { role: 'resetZoom' },
      { role: 'zoomIn' },
      { role: 'zoomOut' },
      { role: 'togglefullscreen' },
      { type: 'separator' },
      { role: 'toggleDevTools' },
    ],
  };
}

function helpMenu({ command }: MenuActions): MenuItemConstructorOptions {
  return {
    role: 'help',
    label: '&Help',
    submenu: [
      { label: '&Keyboard Shortcuts', click: () => command('shortcuts') },
      { label: '&About Mailscope', click: () => command('about') },
    ],
  };
}
