/** The way back for a user whom a finding led to its protection: a button, and Escape where nobody types. */
import { ArrowLeft } from 'lucide-react';
import { usePlainKeys } from '../app/use-shortcuts.js';
import { Button, Hint } from '../controls/button.js';
import { useApp } from '../store/store-context.js';

export function BackToFinding() {
  const cameFrom = useApp((state) => state.policy.cameFrom);
  const showScreen = useApp((state) => state.showScreen);
  usePlainKeys((key) => {
    if (key !== 'Escape' || cameFrom === null) return false;
    showScreen(cameFrom);
    return true;
  });
  if (cameFrom === null) return null;
  return (
    <Hint text="Back to where you came from" keys="Esc">
      <Button look="quiet" icon={<ArrowLeft size={14} strokeWidth={1.7} />} onClick={() => showScreen(cameFrom)}>
        Back to the finding
      </Button>
    </Hint>
  );
}
