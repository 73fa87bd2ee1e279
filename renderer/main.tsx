/** Entry of the window: bridge, store, screens. */
import '@fontsource-variable/inter/wght.css';
import '@fontsource-variable/jetbrains-mono/wght.css';
import '@xterm/xterm/css/xterm.css';
import './theme/tokens.css';
import './theme/base.css';
import { createRoot } from 'react-dom/client';
import { App } from './app/app.js';
import { windowBridge } from './bridge.js';
import { createAppStore } from './store/app-store.js';
import { ServicesProvider } from './store/store-context.js';

const bridge = windowBridge();
const store = createAppStore(bridge);
store.getState().start();
const root = document.getElementById('root');
if (root === null) throw new Error('The page has no element with the id root.');
createRoot(root).render(
  <ServicesProvider services={{ store, bridge }}>
    <App />
  </ServicesProvider>,
);
