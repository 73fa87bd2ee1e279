/** The perimeter's access list: an editor of its lines, what is wrong with them, and which list is used. */
import { ListPlus } from 'lucide-react';
import type { ReactNode } from 'react';
import type { PerimeterProblem, PolicyCheck, PolicyDocument } from '../../shared/policy.js';
import { Button } from '../controls/button.js';
import { countOf } from '../format/numbers.js';
import { cleanLines, linesOfText, textOfLines, withPerimeter } from './draft.js';
import { LineEditor } from './line-editor.js';
import styles from './perimeter.module.css';

interface PerimeterTabProps {
  /** As typed. */
  readonly lines: readonly string[];
  readonly check: PolicyCheck | null;
  /** The list that the networks make; null when they make none. */
  readonly networksList: readonly string[] | null;
  /** How many own networks the draft names. */
  readonly ownNetworks: number;
  readonly onEdit: (change: (draft: PolicyDocument) => PolicyDocument) => void;
  readonly onShow: (path: string) => void;
}

export function PerimeterTab({ lines, check, networksList, ownNetworks, onEdit, onShow }: PerimeterTabProps) {
  const problems = check?.perimeter ?? [];
  const isEmpty = cleanLines(lines).length === 0;
  const insert = (): void => {
    if (networksList === null) return;
    onEdit((draft) => withPerimeter(draft, isEmpty ? networksList : [...cleanLines(lines), ...networksList]));
  };
  return (
    <div className={styles.perimeter}>
      <div className={styles.left}>
        <div className={styles.bar}>
          <h2 className={styles.title}>Access list</h2>
          <span className={styles.about}>lines of a named extended access list, as IOS takes them</span>
          <span className={styles.space} />
          <Button
            look="quiet"
            icon={<ListPlus size={14} strokeWidth={1.7} />}
            disabled={networksList === null}
            onClick={insert}
          >
            Insert the default list
          </Button>
        </div>
        <LineEditor
          label="Access list lines"
          path="perimeter"
          text={textOfLines(lines)}
          problems={problems}
          placeholder="permit tcp any host 10.0.0.25 eq 25&#10;deny tcp any any eq 25 log"
          onChange={(text) => onEdit((draft) => withPerimeter(draft, linesOfText(text)))}
        />
      </div>
      <aside className={styles.right} aria-label="About the list">
        <Wrong problems={problems} onShow={onShow} />
        <InForce lines={lines} check={check} networksList={networksList} ownNetworks={ownNetworks} onShow={onShow} />
      </aside>
    </div>
  );
}

interface WrongProps {
  readonly problems: readonly PerimeterProblem[];
  readonly onShow: (path: string) => void;
}

function Wrong({ problems, onShow }: WrongProps) {
  if (problems.length === 0) return null;
  return (
    <section className={styles.section} aria-label="Wrong lines">
      <h2 className={styles.title}>{countOf(problems.length, 'wrong line')}</h2>
      <ol className={styles.wrong}>
        {problems.map(({ index, column, found, allowed }) => (
          <li key={index}>
            <button type="button" className={styles.where} onClick={() => onShow(`perimeter[${index}]`)}>
              Line {index + 1}, column {column}
            </button>
            <p>
              Found <code>{found}</code>. Allowed: {allowed}.
            </p>
          </li>
        ))}
      </ol>
    </section>
  );
}

/** What a list that is right may leave its author wondering about. */
function ListRemarks({ list, ownNetworks }: { readonly list: readonly string[]; readonly ownNetworks: number }) {
  const reports = list.some((line) => /^deny\b.*\blog(-input)?\b/.test(line));
  return (
    <>
      {reports ? null : (
        <p className={styles.text}>
          Nothing is reported: only entries <code>deny … log</code> report what they deny, and there is none.
        </p>
      )}
      {ownNetworks > 0 ? null : (
        <p className={styles.text}>
          No own networks are named, so every connection is judged, also those from inside to outside.
        </p>
      )}
    </>
  );
}

function InForce({ lines, check, networksList, ownNetworks, onShow }: Omit<PerimeterTabProps, 'onEdit'>): ReactNode {
  if (cleanLines(lines).length > 0) {
    const list = check?.description?.perimeter ?? null;
    return (
      <section className={styles.section} aria-label="List that is used">
        <h2 className={styles.title}>{list === null ? 'Not used' : 'Your list is used'}</h2>
        <p className={styles.text}>
          {list === null
            ? 'Nothing is applied while a line, or another part of the policy, is wrong.'
            : `${countOf(list.length, 'entry', 'entries')}. The first that matches decides; what none matches is denied without a log line.`}
        </p>
        {list === null ? null : <ListRemarks list={list} ownNetworks={ownNetworks} />}
      </section>
    );
  }
  if (networksList !== null) {
    return (
      <section className={styles.section} aria-label="List that is used">
        <h2 className={styles.title}>The default list is used</h2>
        <p className={styles.text}>
          Your policy has no list of its own, so the document’s list <code>packet_filter</code> is made from your mail
          servers and relays:
        </p>
        <pre className={styles.list}>{networksList.join('\n')}</pre>
      </section>
    );
  }
  return (
    <section className={styles.section} aria-label="List that is used">
      <h2 className={styles.title}>No list is used</h2>
      <p className={styles.text}>
        The perimeter is not judged. The default list is made from your own networks and at least one mail server or
        relay; name these under Networks, or write a list here.
      </p>
      <Button look="quiet" onClick={() => onShow('networks.own')}>
        Go to Networks
      </Button>
    </section>
  );
}
