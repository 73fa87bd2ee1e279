/** Settings: the theme, live capture, and the tables back to how they came. */
import type { ThemeChoice } from '../../shared/ipc.js';
import { CaptureSettings } from './capture-settings.js';
import { Button } from '../controls/button.js';
import { Segmented } from '../controls/segmented.js';
import { useApp } from '../store/store-context.js';
import styles from './dialogs.module.css';

const THEMES: readonly (readonly [ThemeChoice, string])[] = [
  ['system', 'System'],
  ['light', 'Light'],
  ['dark', 'Dark'],
];

export function SettingsForm() {
  const settings = useApp((state) => state.settings);
  const changeSettings = useApp((state) => state.changeSettings);
  const showDialog = useApp((state) => state.showDialog);
  return (
    <div className={styles.form}>
      <fieldset className={styles.fieldset}>
        <legend>Theme</legend>
        <Segmented
          name="theme"
          choices={THEMES}
          value={settings.theme}
          onChange={(theme) => changeSettings({ theme })}
        />
      </fieldset>
      <CaptureSettings />
      <div className={styles.field}>
        <span className={styles.fieldName}>Sessions table</span>
        <Button onClick={() => changeSettings({ sessionColumns: [], sessionColumnWidths: {}, panels: {} })}>
          Reset columns and panels
        </Button>
      </div>
      <div className={styles.field}>
        <span className={styles.fieldName}>More</span>
        <div className={styles.row}>
          <Button onClick={() => showDialog('shortcuts')}>Keyboard shortcuts</Button>
          <Button onClick={() => showDialog('about')}>About</Button>
        </div>
      </div>
    </div>
  );
}
