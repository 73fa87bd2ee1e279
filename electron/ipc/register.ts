/**
 * Registers every channel of `shared/ipc.ts` with its schema and its answer,
 * and sends what is pushed. The one place that touches `ipcMain`.
 */
import { ipcMain, type BrowserWindow } from 'electron';
import type { InvokeChannel, InvokeChannels, PushChannel, PushChannels } from '../../shared/ipc.js';
import { isOwnUrl } from '../security.js';
import { answerThroughGate } from './gate.js';
import { INPUT_SCHEMAS } from './inputs.js';

type Output<C extends InvokeChannel> = InvokeChannels[C]['output'];

/** One answer per channel. */
export type Answers = {
  readonly [C in InvokeChannel]: (input: InvokeChannels[C]['input']) => Output<C> | Promise<Output<C>>;
};

/** `window` gives the app's window, or null while there is none. */
export function registerChannels(answers: Answers, window: () => BrowserWindow | null): void {
  const register = <C extends InvokeChannel>(channel: C): void => {
    ipcMain.handle(channel, (event, input: unknown) =>
      answerThroughGate<InvokeChannels[C]['input'], Output<C>>(
        { isOurFrame: (frame) => frame === window()?.webContents.mainFrame, isOurUrl: isOwnUrl },
        event,
        input,
        INPUT_SCHEMAS[channel],
        answers[channel],
      ),
    );
  };
  for (const channel of Object.keys(answers) as InvokeChannel[]) register(channel);
}

/** Tells the page something; nobody listens while there is no window. */
export function push<C extends PushChannel>(window: BrowserWindow | null, channel: C, message: PushChannels[C]): void {
  if (window === null || window.isDestroyed()) return;
  window.webContents.send(channel, message);
}
