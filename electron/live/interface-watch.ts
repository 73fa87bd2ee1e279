/** Tells once a second how busy every interface is, while somebody listens. */
import { ActivityMeter } from '../../inspector/index.js';
import type { InterfaceActivity } from '../../shared/capture.js';

const EVERY_MS = 1000;

export class InterfaceWatch {
  readonly #tell: (activity: readonly InterfaceActivity[]) => void;
  #timer: NodeJS.Timeout | null = null;

  constructor(tell: (activity: readonly InterfaceActivity[]) => void) {
    this.#tell = tell;
  }

  /** Begins or ends; beginning again starts the minute anew. */
  listen(listening: boolean): void {
    if (this.#timer !== null) clearInterval(this.#timer);
    this.#timer = null;
    if (!listening) return;
    const meter = new ActivityMeter();
    const sample = (): void => {
      meter.sample(performance.now());
      this.#tell(meter.activity());
    };
    sample();
    this.#timer = setInterval(sample, EVERY_MS);
    this.#timer.unref();
  }
}
