/** Why the Sessions table is empty: still loading, nothing matches, or the capture has no mail. */
import { Button } from '../controls/button.js';
import { countOf } from '../format/numbers.js';
import { EmptyState } from '../problem/empty-state.js';
import { useApp } from '../store/store-context.js';

export function NoSessions() {
  const phase = useApp((state) => state.status.phase);
  const name = useApp((state) => state.status.name);
  const search = useApp((state) => state.search.sessions);
  const totals = useApp((state) => state.status.totals);
  const setSearch = useApp((state) => state.setSearch);
  if (phase === 'loading' && totals.sessions === 0) {
    return (
      <EmptyState title="Reading the capture">
        {countOf(totals.packets, 'packet')} so far, no mail session yet.
      </EmptyState>
    );
  }
  if (phase === 'live' && totals.sessions === 0) {
    return (
      <EmptyState title="Waiting for mail">
        <p>
          {totals.packets === 0 ? 'No packet' : countOf(totals.packets, 'packet')} so far on {name}, no mail session
          yet.
        </p>
        <p>Sessions appear here with their first packet.</p>
      </EmptyState>
    );
  }
  if (totals.sessions > 0 && search !== '') {
    return (
      <EmptyState title="No session matches">
        <p>Every word of “{search}” has to occur in a session’s row.</p>
        <p>
          <Button onClick={() => setSearch('sessions', '')}>Clear the search</Button>
        </p>
      </EmptyState>
    );
  }
  if (totals.packets === 0)
    return <EmptyState title="No packets">The capture is in order but holds no packet.</EmptyState>;
  const notDecoded = Object.entries(totals.notDecoded)
    .filter(([, count]) => count > 0)
    .sort(([, a], [, b]) => b - a)
    .slice(0, 4);
  return (
    <EmptyState title="No mail sessions in this capture">
      <p>
        {countOf(totals.packets, 'packet')} were read. None of them belongs to an SMTP, POP3 or IMAP connection, or to
        TLS on a mail port.
      </p>
      {notDecoded.length === 0 ? null : (
        <p>
          Not decoded:{' '}
          {notDecoded.map(([reason, count]) => `${countOf(count, 'packet')} (${reason.replace(/-/g, ' ')})`).join(', ')}
          .
        </p>
      )}
    </EmptyState>
  );
}
