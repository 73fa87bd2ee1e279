/** Answers the page's questions about interfaces and live captures. */
import { listInterfaces } from '../../inspector/index.js';
import type { InspectionStatus } from '../../shared/inspection.js';
import type { Answers } from '../ipc/register.js';
import type { InterfaceWatch } from './interface-watch.js';
import type { LiveCaptures } from './live-captures.js';

type LiveChannel = Extract<keyof Answers, `live:${string}` | `interfaces:${string}`>;

export interface LiveAnswering {
  readonly live: LiveCaptures;
  readonly watch: InterfaceWatch;
  readonly holdViews: (held: boolean) => Promise<void>;
  /** Runs what opens a capture, with the policy in force. */
  readonly inspecting: (open: () => Promise<InspectionStatus>) => Promise<InspectionStatus>;
}

export function liveAnswers({ live, watch, holdViews, inspecting }: LiveAnswering): Pick<Answers, LiveChannel> {
  return {
    'interfaces:list': () => listInterfaces(live.engines),
    'interfaces:listen': ({ listening }) => {
      watch.listen(listening);
      return null;
    },
    'live:start': (input) => inspecting(() => live.start(input)),
    'live:stop': async () => {
      await live.stop();
      return null;
    },
    'live:pause': async ({ paused }) => {
      await holdViews(paused);
      return null;
    },
    'live:save': () => live.save(),
    'live:default-filter': ({ interfaceName }) => live.defaultFilter(interfaceName),
    'live:check-filter': ({ interfaceName, filter }) => live.checkFilter(interfaceName, filter),
    'live:left': () => live.left(),
    'live:reopen': ({ folder }) => inspecting(() => live.reopen(folder)),
    'live:remove': ({ folder }) => live.remove(folder),
  };
}
