/** The columns of the Sessions table. */
import type { SessionSummary } from '../../shared/session.js';
import type { SessionColumn } from '../../shared/view-columns.js';
import { formatBytes, formatCount } from '../format/numbers.js';
import { formatDuration, formatMoment } from '../format/time.js';
import { PROTOCOL_WORD, TLS_WORD, formatEndpoint } from '../format/words.js';
import { SeverityPill } from '../severity/severity-pill.js';
import type { GridColumn } from '../table/grid-column.js';
import styles from './sessions.module.css';

export type SessionGridColumn = GridColumn<SessionSummary> & { readonly id: SessionColumn };

/** Shown while the user has chosen none. */
export const DEFAULT_SESSION_COLUMNS: readonly SessionColumn[] = [
  'worst',
  'time',
  'protocol',
  'client',
  'server',
  'tls',
  'user',
  'from',
  'to',
  'messages',
  'reply',
  'bytes',
];

/** All columns; the time carries its day when the capture spans several. */
export function sessionColumns(severalDays: boolean): readonly SessionGridColumn[] {
  return [
    {
      id: 'worst',
      title: 'Worst',
      hint: 'Worst finding',
      largestFirst: true,
      width: 92,
      cell: (row) => (row.worst === null ? null : <SeverityPill severity={row.worst} />),
    },
    {
      id: 'time',
      title: 'Time',
      hint: 'First packet, UTC',
      width: severalDays ? 198 : 108,
      cell: (row) => formatMoment(row.startUs, severalDays),
    },
    {
      id: 'duration',
      title: 'Duration',
      width: 84,
      align: 'end',
      cell: (row) => formatDuration(row.endUs - row.startUs),
    },
    { id: 'protocol', title: 'Proto', hint: 'Protocol', width: 56, cell: (row) => PROTOCOL_WORD[row.protocol] },
    { id: 'client', title: 'Client', width: 124, grows: 0.4, mono: true, cell: (row) => row.client.address },
    { id: 'server', title: 'Server', width: 148, grows: 0.6, mono: true, cell: (row) => formatEndpoint(row.server) },
    { id: 'tls', title: 'TLS', width: 82, cell: (row) => <Tls row={row} /> },
    { id: 'user', title: 'User', width: 64, grows: 1.5, cell: (row) => row.user },
    { id: 'from', title: 'From', width: 72, grows: 2, cell: (row) => row.mailFrom },
    { id: 'to', title: 'To', width: 72, grows: 2, cell: (row) => <Recipients row={row} /> },
    {
      id: 'messages',
      title: 'Msgs',
      hint: 'Messages',
      width: 50,
      align: 'end',
      cell: (row) => (row.messages === 0 ? null : formatCount(row.messages)),
    },
    { id: 'reply', title: 'Last reply', width: 84, grows: 2.2, cell: (row) => row.lastReply },
    {
      id: 'bytes',
      title: 'Bytes',
      width: 80,
      align: 'end',
      cell: (row) => formatBytes(row.bytesToServer + row.bytesToClient),
    },
    { id: 'tags', title: 'Tags', width: 120, cell: (row) => row.tags.join(', ') },
  ];
}

function Tls({ row }: { readonly row: SessionSummary }) {
  const used = row.tls === 'starttls' || row.tls === 'implicit';
  return (
    <span className={used ? styles.tls : styles.clear} title={row.tlsVersion === '' ? undefined : row.tlsVersion}>
      {TLS_WORD[row.tls]}
    </span>
  );
}

function Recipients({ row }: { readonly row: SessionSummary }) {
  if (row.rcptCount <= 1) return <>{row.rcptTo}</>;
  return (
    <>
      {row.rcptTo} <span className={styles.more}>+{formatCount(row.rcptCount - 1)}</span>
    </>
  );
}
