/** Stop or start again, pause the display, save: while a live capture is open. */
import { Pause, Play, Save, Square } from 'lucide-react';
import { Button, Hint, IconButton } from '../controls/button.js';
import { canSave, isCapturing, liveOf } from '../store/live-desk.js';
import { useApp } from '../store/store-context.js';

export function LiveButtons() {
  const isLive = useApp((state) => liveOf(state.status) !== null);
  const capturing = useApp((state) => isCapturing(state.status));
  const inspecting = useApp((state) => state.status.phase === 'live');
  const savable = useApp((state) => canSave(state.status, state.live.left));
  const paused = useApp((state) => state.live.paused !== null);
  const opening = useApp((state) => state.opening);
  const startOrStop = useApp((state) => state.startOrStop);
  const pauseDisplay = useApp((state) => state.pauseDisplay);
  const saveCapture = useApp((state) => state.saveCapture);
  return (
    <>
      {isLive ? (
        <Hint text={capturing ? 'Stop capturing; everything stays open' : 'Start a new capture'} keys="Ctrl+E">
          <Button
            look={capturing ? 'plain' : 'primary'}
            icon={
              capturing ? (
                <Square size={13} strokeWidth={2} fill="currentColor" />
              ) : (
                <Play size={13} strokeWidth={2} fill="currentColor" />
              )
            }
            disabled={opening}
            onClick={startOrStop}
          >
            {capturing ? 'Stop' : 'Start again'}
          </Button>
        </Hint>
      ) : null}
      {inspecting ? (
        <IconButton
          label={paused ? 'Resume the display' : 'Pause the display; the capture goes on'}
          aria-pressed={paused}
          icon={<Pause size={16} strokeWidth={1.6} />}
          onClick={() => pauseDisplay(!paused)}
        />
      ) : null}
      {isLive || savable ? (
        <IconButton
          label="Save capture"
          keys="Ctrl+S"
          icon={<Save size={16} strokeWidth={1.6} />}
          disabled={!savable}
          onClick={() => void saveCapture()}
        />
      ) : null}
    </>
  );
}
