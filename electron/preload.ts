/**
 * The bridge between the page and the main process: one function per channel at
 * `window.mailscope`, nothing generic. Runs sandboxed, as one CommonJS file,
 * with `electron` as its only module.
 */
import { contextBridge, ipcRenderer, webUtils } from 'electron';
import type { Answer, Bridge, InvokeChannel, InvokeChannels, PushChannel, PushChannels } from '../shared/ipc.js';

type Invoke<C extends InvokeChannel> = (
  input: InvokeChannels[C]['input'],
) => Promise<Answer<InvokeChannels[C]['output']>>;
type Listen<C extends PushChannel> = (listener: (message: PushChannels[C]) => void) => () => void;

function asking<C extends InvokeChannel>(channel: C): Invoke<C> {
  return (input) => ipcRenderer.invoke(channel, input) as Promise<Answer<InvokeChannels[C]['output']>>;
}

function hearing<C extends PushChannel>(channel: C): Listen<C> {
  return (listener) => {
    const forward = (_event: unknown, message: PushChannels[C]): void => listener(message);
    ipcRenderer.on(channel, forward);
    return () => void ipcRenderer.removeListener(channel, forward);
  };
}

/** Electron 32 took `File.path` away and gave `webUtils` instead (29 has both). */
function pathOfFile(file: unknown): string {
  if (!(file instanceof File)) return '';
  const byElectron: Partial<typeof webUtils> | undefined = webUtils;
  if (byElectron?.getPathForFile !== undefined) return byElectron.getPathForFile(file);
  return 'path' in file && typeof file.path === 'string' ? file.path : '';
}

const bridge: Bridge = {
  invoke: {
    'interfaces:list': asking('interfaces:list'),
    'interfaces:listen': asking('interfaces:listen'),
    'live:start': asking('live:start'),
    'live:stop': asking('live:stop'),
    'live:pause': asking('live:pause'),
    'live:save': asking('live:save'),
    'live:default-filter': asking('live:default-filter'),
    'live:check-filter': asking('live:check-filter'),
    'live:left': asking('live:left'),
    'live:reopen': asking('live:reopen'),
    'live:remove': asking('live:remove'),
    'window:close': asking('window:close'),
    'clipboard:write': asking('clipboard:write'),
    'app:info': asking('app:info'),
    'settings:get': asking('settings:get'),
    'settings:set': asking('settings:set'),
    'recent:list': asking('recent:list'),
    'recent:clear': asking('recent:clear'),
    'capture:choose': asking('capture:choose'),
    'capture:open': asking('capture:open'),
    'capture:open-sample': asking('capture:open-sample'),
    'capture:cancel': asking('capture:cancel'),
    'capture:close': asking('capture:close'),
    'capture:reinspect': asking('capture:reinspect'),
    'capture:status': asking('capture:status'),
    'view:open': asking('view:open'),
    'view:change': asking('view:change'),
    'view:rows': asking('view:rows'),
    'view:index-of': asking('view:index-of'),
    'view:close': asking('view:close'),
    'session:transcript': asking('session:transcript'),
    'session:facts': asking('session:facts'),
    'session:findings': asking('session:findings'),
    'session:hex': asking('session:hex'),
    'protections:list': asking('protections:list'),
    'policy:get': asking('policy:get'),
    'policy:check': asking('policy:check'),
    'policy:apply': asking('policy:apply'),
    'policy:import': asking('policy:import'),
    'policy:export': asking('policy:export'),
  },
  on: {
    'inspection:status': hearing('inspection:status'),
    'interfaces:activity': hearing('interfaces:activity'),
    'window:close-asked': hearing('window:close-asked'),
    'capture:open-asked': hearing('capture:open-asked'),
    'violation:show': hearing('violation:show'),
    'menu:command': hearing('menu:command'),
    'policy:changed': hearing('policy:changed'),
    'theme:changed': hearing('theme:changed'),
  },
  pathOfFile,
};

contextBridge.exposeInMainWorld('mailscope', bridge);
