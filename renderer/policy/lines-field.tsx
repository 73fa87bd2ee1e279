/** A list with one entry a line: typed as text, so that it can be pasted; the wrong line is named below. */
import { useId } from 'react';
import type { ReactNode } from 'react';
import type { PolicyProblem } from '../../shared/policy.js';
import { linesOfText, textOfLines } from './draft.js';
import { lineOfProblem } from './problem-place.js';
import styles from './detail.module.css';

const FEWEST_ROWS = 2;
const MOST_ROWS = 8;

interface LinesFieldProps {
  /** In the document. */
  readonly path: string;
  readonly title: string;
  /** What a line holds. */
  readonly of: string;
  /** As typed. */
  readonly lines: readonly string[];
  readonly problem: PolicyProblem | null;
  readonly note: ReactNode;
  readonly placeholder: string;
  /** Title above instead of beside. */
  readonly stacked?: boolean;
  readonly onChange: (lines: readonly string[]) => void;
}

export function LinesField(props: LinesFieldProps) {
  const { path, title, of, lines, problem, note, placeholder, stacked = false, onChange } = props;
  const id = useId();
  return (
    <div className={styles.setting} data-stacked={stacked}>
      <label htmlFor={id} className={styles.name}>
        {title} <span className={styles.of}>{of}</span>
      </label>
      <div className={styles.control}>
        {stacked ? <p className={styles.note}>{note}</p> : null}
        <textarea
          id={id}
          className={styles.lines}
          rows={Math.min(MOST_ROWS, Math.max(FEWEST_ROWS, lines.length))}
          spellCheck={false}
          wrap="off"
          placeholder={placeholder}
          data-policy-path={path}
          value={textOfLines(lines)}
          aria-invalid={problem !== null}
          aria-describedby={`${id}-note`}
          onChange={(event) => onChange(linesOfText(event.target.value))}
        />
        <div id={`${id}-note`}>
          {problem === null ? null : <LineProblem problem={problem} lines={lines} />}
          {stacked ? null : <p className={styles.note}>{note}</p>}
        </div>
      </div>
    </div>
  );
}

function LineProblem({ problem, lines }: { readonly problem: PolicyProblem; readonly lines: readonly string[] }) {
  const line = lineOfProblem(problem, lines);
  if (line === 0) {
    return (
      <p className={styles.wrong}>
        Not applied: found {problem.found}, allowed: {problem.allowed}.
      </p>
    );
  }
  // A line is one entry of the list; who separates entries otherwise has to be told so.
  const several = /[,; ]/.test(problem.found) ? ', one a line' : '';
  return (
    <p className={styles.wrong}>
      Not applied: line {line} holds {problem.found}, allowed: {problem.allowed.replace(/^a list of /, '')}
      {several}.
    </p>
  );
}
