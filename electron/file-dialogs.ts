/** The system's dialogs for one file to open and one place to save to, over the app's window when there is one. */
import { dialog, type BrowserWindow, type OpenDialogOptions, type SaveDialogOptions } from 'electron';

/** Path of the chosen file, or null when the user cancels. */
export async function chooseFile(
  window: BrowserWindow | null,
  options: Omit<OpenDialogOptions, 'properties'>,
): Promise<string | null> {
  const all = { ...options, properties: ['openFile' as const] };
  const { canceled, filePaths } = await (window === null
    ? dialog.showOpenDialog(all)
    : dialog.showOpenDialog(window, all));
  return canceled ? null : (filePaths[0] ?? null);
}

/** Path to write to, or null when the user cancels; the system asks before a file is replaced. */
export async function choosePlace(window: BrowserWindow | null, options: SaveDialogOptions): Promise<string | null> {
  const { canceled, filePath } = await (window === null
    ? dialog.showSaveDialog(options)
    : dialog.showSaveDialog(window, options));
  return canceled || filePath === undefined || filePath === '' ? null : filePath;
}
