/** Who spoke with whom, how bad it is, how to walk the findings, what is masked. */
import { Eye, EyeOff, List } from 'lucide-react';
import type { Severity } from '../../shared/severity.js';
import { Button, IconButton } from '../controls/button.js';
import { countOf } from '../format/numbers.js';
import { PROTOCOL_WORD, formatEndpoint } from '../format/words.js';
import { SeverityPill } from '../severity/severity-pill.js';
import type { SelectedSession } from '../store/app-state.js';
import styles from './session.module.css';

interface SessionHeaderProps {
  readonly session: SelectedSession;
  readonly worst: Severity | null;
  readonly findings: number | null;
  readonly masked: number;
  readonly reveal: boolean;
  readonly plain: boolean;
  readonly onReveal: (reveal: boolean) => void;
  readonly onPlain: (plain: boolean) => void;
}

export function SessionHeader(props: SessionHeaderProps) {
  const { session, worst, findings, masked, reveal, plain } = props;
  return (
    <div className={styles.header}>
      {worst === null ? null : <SeverityPill severity={worst} />}
      <h2 className={styles.protocol}>{PROTOCOL_WORD[session.protocol]}</h2>
      <span className={styles.peers}>
        {formatEndpoint(session.client)} <span aria-label="to">→</span> {formatEndpoint(session.server)}
      </span>
      <span className={styles.space} />
      {findings === null || findings === 0 ? null : (
        <span className={styles.mini}>
          {countOf(findings, 'finding')} <kbd>n</kbd> <kbd>p</kbd>
        </span>
      )}
      <span className={styles.mini}>{secretsWords(masked, reveal)}</span>
      {masked === 0 && !reveal ? null : (
        <Button
          aria-pressed={reveal}
          icon={reveal ? <EyeOff size={15} strokeWidth={1.6} /> : <Eye size={15} strokeWidth={1.6} />}
          onClick={() => props.onReveal(!reveal)}
        >
          {reveal ? 'Mask' : 'Reveal'}
        </Button>
      )}
      <IconButton
        label="Plain list instead of the terminal"
        aria-pressed={plain}
        icon={<List size={16} strokeWidth={1.6} />}
        onClick={() => props.onPlain(!plain)}
      />
    </div>
  );
}

function secretsWords(masked: number, reveal: boolean): string {
  if (reveal) return 'secrets revealed';
  return masked === 0 ? 'no secrets' : `${countOf(masked, 'secret')} masked`;
}
