/** Leads from a finding to its protection on the Policy screen. */
import { useApp } from '../store/store-context.js';
import styles from './link.module.css';

export function PolicyLink({ protection }: { readonly protection: string }) {
  const showInPolicy = useApp((state) => state.showInPolicy);
  return (
    <button type="button" className={styles.link} onClick={() => showInPolicy(`protections.${protection}`)}>
      Policy: <code>{protection}</code>
    </button>
  );
}
