/** A text of lines with their numbers; wrong lines are marked in the gutter, and the caret's place is told. */
import { useId, useRef, useState } from 'react';
import type { PerimeterProblem } from '../../shared/policy.js';
import styles from './perimeter.module.css';

interface LineEditorProps {
  readonly label: string;
  /** In the document. */
  readonly path: string;
  readonly text: string;
  readonly problems: readonly PerimeterProblem[];
  readonly placeholder: string;
  readonly onChange: (text: string) => void;
}

export function LineEditor({ label, path, text, problems, placeholder, onChange }: LineEditorProps) {
  const id = useId();
  const gutter = useRef<HTMLDivElement>(null);
  const [caret, setCaret] = useState(0);
  const wrong = new Map(problems.map((problem) => [problem.index, problem]));
  const before = text.slice(0, caret);
  const line = before.split('\n').length;
  const here = wrong.get(line - 1);
  return (
    <div className={styles.editor} data-wrong={problems.length > 0}>
      <div ref={gutter} className={styles.gutter} aria-hidden>
        {text.split('\n').map((_, index) => (
          <span key={index} className={styles.lineNumber} data-wrong={wrong.has(index)}>
            {index + 1}
          </span>
        ))}
      </div>
      <textarea
        className={styles.source}
        aria-label={label}
        aria-invalid={problems.length > 0}
        aria-describedby={`${id}-here`}
        data-policy-path={path}
        spellCheck={false}
        wrap="off"
        placeholder={placeholder}
        value={text}
        onChange={(event) => {
          setCaret(event.target.selectionStart);
          onChange(event.target.value);
        }}
        onSelect={(event) => setCaret(event.currentTarget.selectionStart)}
        onScroll={(event) => {
          if (gutter.current !== null) gutter.current.scrollTop = event.currentTarget.scrollTop;
        }}
      />
      <div className={styles.foot}>
        <span>
          Line {line}, column {before.length - before.lastIndexOf('\n')}
        </span>
        <p id={`${id}-here`} role="status" aria-label="Wrong in this line" className={styles.footWrong}>
          {here === undefined ? null : `column ${here.column}: found ${here.found}, allowed: ${here.allowed}`}
        </p>
      </div>
    </div>
  );
}
