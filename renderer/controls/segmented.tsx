/** A choice of few, all of them in sight: radio buttons drawn as one control. Arrows choose. */
import styles from './segmented.module.css';

interface SegmentedProps<T extends string> {
  /** Of the group of radio buttons; unique on the screen. */
  readonly name: string;
  readonly choices: readonly (readonly [value: T, word: string])[];
  readonly value: string;
  readonly onChange: (value: T) => void;
  /** `data-policy-path` of the chosen button, so that a problem can lead to it. */
  readonly path?: string;
}

export function Segmented<T extends string>({ name, choices, value, onChange, path }: SegmentedProps<T>) {
  // Radio buttons of which none is checked are still reached with Tab: the first of them is.
  const chosen = choices.find(([choice]) => choice === value)?.[0] ?? choices[0]?.[0];
  return (
    <div className={styles.choices}>
      {choices.map(([choice, word]) => (
        <label key={choice} className={styles.choice}>
          <input
            type="radio"
            name={name}
            className="visually-hidden"
            checked={value === choice}
            data-policy-path={choice === chosen ? path : undefined}
            onChange={() => onChange(choice)}
          />
          <span>{word}</span>
        </label>
      ))}
    </div>
  );
}
