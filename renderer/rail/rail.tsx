/** The slim bar on the left: which screen, how many severe findings, settings. */
import { Keyboard, Shield, Settings as SettingsIcon, TextAlignStart, TriangleAlert } from 'lucide-react';
import type { ReactNode } from 'react';
import { Hint } from '../controls/button.js';
import { formatCount } from '../format/numbers.js';
import type { Screen } from '../store/app-state.js';
import { useApp } from '../store/store-context.js';
import { Logo } from './logo.js';
import styles from './rail.module.css';

export function Rail() {
  const open = useApp((state) => state.status.phase !== 'idle' && state.status.phase !== 'failed');
  const screen = useApp((state) => state.screen);
  const violations = useApp((state) => state.status.totals.violations);
  const showScreen = useApp((state) => state.showScreen);
  const showDialog = useApp((state) => state.showDialog);
  const severe = violations.critical + violations.high;
  // Without a capture there is the welcome screen, to which only the policy leads away.
  const onWelcome = !open && screen !== 'policy';
  const target = (name: Screen, label: string, keys: string, icon: ReactNode, badge = 0): ReactNode => (
    <RailButton
      label={badge > 0 ? `${label}, ${formatCount(badge)} critical or high` : label}
      keys={keys}
      icon={icon}
      badge={badge}
      current={screen === name && (open || name === 'policy')}
      disabled={!open && name !== 'policy' && (onWelcome || name !== 'sessions')}
      onClick={() => showScreen(name)}
    />
  );
  return (
    <nav className={styles.rail} aria-label="Screens">
      <Logo className={styles.logo} size={24} />
      {target(
        'sessions',
        open || onWelcome ? 'Sessions' : 'Welcome',
        'Ctrl+1',
        <TextAlignStart size={18} strokeWidth={1.6} />,
      )}
      {target('violations', 'Violations', 'Ctrl+2', <TriangleAlert size={18} strokeWidth={1.6} />, severe)}
      {target('policy', 'Policy', 'Ctrl+3', <Shield size={18} strokeWidth={1.6} />)}
      <span className={styles.space} />
      <RailButton
        label="Keyboard shortcuts"
        keys="?"
        icon={<Keyboard size={18} strokeWidth={1.6} />}
        onClick={() => showDialog('shortcuts')}
      />
      <RailButton
        label="Settings"
        keys="Ctrl+,"
        icon={<SettingsIcon size={18} strokeWidth={1.6} />}
        onClick={() => showDialog('settings')}
      />
    </nav>
  );
}

interface RailButtonProps {
  readonly label: string;
  readonly keys: string;
  readonly icon: ReactNode;
  readonly badge?: number;
  readonly current?: boolean;
  readonly disabled?: boolean;
  readonly onClick: () => void;
}

function RailButton({ label, keys, icon, badge = 0, current = false, disabled = false, onClick }: RailButtonProps) {
  return (
    <Hint text={label} keys={keys} side="right">
      <button
        type="button"
        className={styles.item}
        aria-label={label}
        aria-current={current ? 'page' : undefined}
        disabled={disabled}
        onClick={onClick}
      >
        {icon}
        {badge > 0 ? (
          <span className={styles.badge} aria-hidden>
            {badge > 99 ? '99+' : badge}
          </span>
        ) : null}
      </button>
    </Hint>
  );
}
