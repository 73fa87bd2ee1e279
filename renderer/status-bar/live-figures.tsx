/** What the status bar says of a live capture: rate, packets, lag, drops, ring, engine. */
import type { LiveStatus } from '../../shared/capture.js';
import { formatBytes, formatCount } from '../format/numbers.js';
import { droppedHint, droppedWords, lagBytes, ringHint, ringWords } from '../live/live-words.js';
import { useApp } from '../store/store-context.js';
import { Explained, Figure } from './figures.js';

export function LiveRate({ live }: { readonly live: LiveStatus }) {
  const isOver = live.phase === 'stopped' || live.phase === 'failed';
  return (
    <>
      {isOver ? null : <Figure value={formatCount(live.packetsPerSecond)} word="packets/s" />}
      <Figure value={formatCount(live.packets)} word={live.packets === 1 ? 'packet' : 'packets'} />
    </>
  );
}

export function LiveFigures({ live }: { readonly live: LiveStatus }) {
  const ringBytes = useApp((state) => state.live.ringBytes);
  return (
    <>
      <Explained text="Captured and not inspected yet. Inspection that falls behind catches up and never makes the capture drop.">
        lag <b>{formatBytes(lagBytes(live))}</b>
      </Explained>
      <Explained text={droppedHint(live)}>
        dropped <b>{droppedWords(live)}</b>
      </Explained>
      <Explained text={ringHint(live, ringBytes)}>
        ring <b>{ringWords(live, ringBytes)}</b>
      </Explained>
      <Explained text={live.engineReason === '' ? `The engine that captures: ${live.engine}` : live.engineReason}>
        <b>{live.engine}</b>
      </Explained>
    </>
  );
}
