/** The window over the fake bridge, in any browser. The query string says what is open: `?sessions=1000000`, `?idle`, ... */
import { createFakeBridge } from '../fake-bridge.js';
import { scenario } from './scenarios.js';

const bridge = createFakeBridge(scenario(new URLSearchParams(location.search)));
Object.assign(window, { mailscope: bridge, fakeBridge: bridge });
void import('../../../renderer/main.js');
