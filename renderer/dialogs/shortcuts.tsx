/** What every key does. `app/use-shortcuts.ts`, `table/` and `session/` act on them. */
import styles from './dialogs.module.css';

const GROUPS: readonly {
  readonly title: string;
  readonly keys: readonly (readonly [keys: readonly string[], does: string])[];
}[] = [
  {
    title: 'Window',
    keys: [
      [['Ctrl+O'], 'Open a capture'],
      [['Ctrl+E'], 'Start or stop capturing'],
      [['Ctrl+S'], 'Save the live capture'],
      [['Ctrl+1', 'Ctrl+2', 'Ctrl+3'], 'Sessions, Violations, Policy'],
      [['/', 'Ctrl+F'], 'Search'],
      [['Ctrl+,'], 'Settings'],
      [['?'], 'This list'],
    ],
  },
  {
    title: 'Tables',
    keys: [
      [['↓', '↑', 'j', 'k'], 'Next, previous row'],
      [['PageDown', 'PageUp'], 'A page down, up'],
      [['Home', 'End'], 'First, last row'],
      [['Enter'], 'Open the row'],
    ],
  },
  {
    title: 'Policy',
    keys: [
      [['↓', '↑', 'Home', 'End'], 'Walk through the protections'],
      [['→', '←'], 'Open and close a family'],
      [['Enter'], 'From a protection to its action'],
      [['Ctrl+Enter'], 'Apply the policy'],
      [['Esc'], 'Back to the finding that led here'],
    ],
  },
  {
    title: 'Transcript',
    keys: [
      [['n', 'p'], 'Next, previous finding'],
      [['↓', '↑', 'j', 'k'], 'Next, previous line'],
      [['Enter'], 'Show the finding, or open and close a fold'],
      [['Esc'], 'Back to the table'],
    ],
  },
];

export function Shortcuts() {
  return (
    <div className={styles.shortcuts}>
      {GROUPS.map((group) => (
        <section key={group.title}>
          <h3 className={styles.groupTitle}>{group.title}</h3>
          <dl className={styles.keys}>
            {group.keys.map(([keys, does]) => (
              <div key={does} className={styles.key}>
                <dt>
                  {keys.map((key) => (
                    <kbd key={key}>{key}</kbd>
                  ))}
                </dt>
                <dd>{does}</dd>
              </div>
            ))}
          </dl>
        </section>
      ))}
    </div>
  );
}
