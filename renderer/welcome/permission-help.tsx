/** Why nothing may be captured on an interface, and the exact command that changes it, to be selected or copied. */
import { Check, Copy } from 'lucide-react';
import { useEffect, useState } from 'react';
import type { CaptureInterface, CapturePermission } from '../../shared/capture.js';
import { ask } from '../bridge.js';
import { IconButton } from '../controls/button.js';
import { useBridge } from '../store/store-context.js';
import styles from './interfaces.module.css';

const COPIED_MS = 2000;

export function PermissionHelp({ each }: { readonly each: CaptureInterface }) {
  if (each.engine !== null) return null;
  return (
    <section className={styles.help} aria-label={`Why ${each.name} cannot be captured on`}>
      <p className={styles.helpTitle}>Capturing on {each.name} is not possible yet.</p>
      {refusalsOf(each.permissions).map(({ reason, fix, engines }) => (
        <div key={reason} className={styles.reason}>
          <p>
            {engines.length === each.permissions.length ? '' : `${engines.join(', ')}: `}
            {reason}
          </p>
          {fix === '' ? null : <Command text={fix} />}
        </div>
      ))}
    </section>
  );
}

interface Refusal {
  readonly reason: string;
  readonly fix: string;
  readonly engines: readonly string[];
}

/** Each reason once, those that a command changes first. */
export function refusalsOf(permissions: readonly CapturePermission[]): readonly Refusal[] {
  const byReason = new Map<string, Refusal>();
  for (const { engine, allowed, reason, fix } of permissions) {
    if (allowed) continue;
    const known = byReason.get(reason);
    byReason.set(reason, { reason, fix: known?.fix || fix, engines: [...(known?.engines ?? []), engine] });
  }
  return [...byReason.values()].sort((a, b) => Number(a.fix === '') - Number(b.fix === ''));
}

function Command({ text }: { readonly text: string }) {
  const bridge = useBridge();
  const [copied, setCopied] = useState(false);
  useEffect(() => {
    if (!copied) return undefined;
    const timer = setTimeout(() => setCopied(false), COPIED_MS);
    return () => clearTimeout(timer);
  }, [copied]);
  const copy = async (): Promise<void> => {
    const answer = await ask(bridge.invoke['clipboard:write']({ text }));
    setCopied(answer.ok);
  };
  return (
    <div className={styles.command}>
      <code>{text}</code>
      <span role="status" className={styles.copied}>
        {copied ? 'copied' : ''}
      </span>
      <IconButton
        label="Copy the command"
        icon={copied ? <Check size={15} strokeWidth={1.8} /> : <Copy size={15} strokeWidth={1.6} />}
        onClick={() => void copy()}
      />
    </div>
  );
}
