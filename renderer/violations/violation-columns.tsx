/** The columns of the Violations table, as firewall logs have them. */
import type { Violation } from '../../shared/violation.js';
import type { ViolationColumn } from '../../shared/view-columns.js';
import { formatCount } from '../format/numbers.js';
import { formatMoment } from '../format/time.js';
import { ACTION_SHORT, PROTOCOL_WORD, formatEndpoint } from '../format/words.js';
import { SeverityPill } from '../severity/severity-pill.js';
import type { GridColumn } from '../table/grid-column.js';

/** All columns; the time carries its day when the capture spans several. */
export function violationColumns(
  severalDays: boolean,
): readonly (GridColumn<Violation> & { readonly id: ViolationColumn })[] {
  return [
    {
      id: 'severity',
      title: 'Severity',
      width: 92,
      largestFirst: true,
      cell: (row) => <SeverityPill severity={row.severity} />,
    },
    {
      id: 'time',
      title: 'Time',
      hint: 'Packet time, UTC',
      width: severalDays ? 198 : 108,
      cell: (row) => formatMoment(row.timeUs, severalDays),
    },
    {
      id: 'confidence',
      title: 'Conf.',
      hint: 'Confidence, of 100',
      width: 52,
      align: 'end',
      cell: (row) => row.confidence,
    },
    { id: 'attackName', title: 'Attack name', width: 112, grows: 1, cell: (row) => row.attackName },
    { id: 'attackInfo', title: 'Attack information', width: 132, grows: 1.2, cell: (row) => row.attackInfo },
    { id: 'protection', title: 'Protection', width: 170, grows: 1.4, cell: (row) => row.title },
    {
      id: 'source',
      title: 'Source',
      hint: 'Client',
      width: 124,
      grows: 0.3,
      mono: true,
      cell: (row) => row.client.address,
    },
    {
      id: 'destination',
      title: 'Destination',
      hint: 'Server',
      width: 148,
      grows: 0.5,
      mono: true,
      cell: (row) => formatEndpoint(row.server),
    },
    { id: 'service', title: 'Service', width: 64, cell: (row) => PROTOCOL_WORD[row.protocol] },
    { id: 'action', title: 'Action', width: 62, cell: (row) => ACTION_SHORT[row.action] },
    { id: 'count', title: 'Count', width: 56, align: 'end', cell: (row) => formatCount(row.count) },
  ];
}
