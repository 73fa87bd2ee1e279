/** Settings: the theme, and the tables back to how they came. */
import type { ThemeChoice } from '../../shared/ipc.js';
import { Button } from '../controls/button.js';
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
        <div className={styles.choices}>
          {THEMES.map(([choice, word]) => (
            <label key={choice} className={styles.choice}>
              <input
                type="radio"
                name="theme"
                className="visually-hidden"
                checked={settings.theme === choice}
                onChange={() => changeSettings({ theme: choice })}
              />
              <span>{word}</span>
            </label>
          ))}
        </div>
      </fieldset>
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
