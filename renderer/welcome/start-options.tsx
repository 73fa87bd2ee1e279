/** How the next capture starts: engine, filter (checked while it is typed), promiscuous mode. */
import { useEffect, useId, useState } from 'react';
import { CAPTURE_ENGINES, type CaptureEngineChoice, type CaptureInterface } from '../../shared/capture.js';
import { ask } from '../bridge.js';
import { Button } from '../controls/button.js';
import { Segmented } from '../controls/segmented.js';
import { useApp, useBridge } from '../store/store-context.js';
import styles from './interfaces.module.css';

const CHECK_DELAY_MS = 300;
export const ENGINE_CHOICES: readonly (readonly [CaptureEngineChoice, string])[] = [
  ['auto', 'Best available'],
  ...CAPTURE_ENGINES.map((name) => [name, name] as const),
];

export function StartOptions({ each }: { readonly each: CaptureInterface }) {
  const options = useApp((state) => state.live.options);
  const usual = useApp((state) => state.settings.captureEngine);
  const setStartOptions = useApp((state) => state.setStartOptions);
  const engine = options.engine ?? usual;
  const refusal = each.permissions.find((permission) => permission.engine === engine && !permission.allowed);
  return (
    <div className={styles.options}>
      <fieldset className={styles.fieldset}>
        <legend>Engine</legend>
        <Segmented
          name="start-engine"
          choices={ENGINE_CHOICES}
          value={engine}
          onChange={(choice) => setStartOptions({ engine: choice })}
        />
        {refusal === undefined ? null : <p className={styles.error}>{refusal.reason}</p>}
      </fieldset>
      <FilterField interfaceName={each.name} />
      <label className={styles.check}>
        <input
          type="checkbox"
          checked={options.promiscuous}
          onChange={(event) => setStartOptions({ promiscuous: event.target.checked })}
        />
        <span>
          Promiscuous mode <span className={styles.kind}>also what is not meant for this computer</span>
        </span>
      </label>
    </div>
  );
}

/** Shows the default filter until another is typed; what the capture library says of it stands below. */
function FilterField({ interfaceName }: { readonly interfaceName: string }) {
  const typed = useApp((state) => state.live.options.filter);
  const setStartOptions = useApp((state) => state.setStartOptions);
  const usual = useDefaultFilter(interfaceName);
  const fault = useFilterFault(interfaceName, typed);
  const id = useId();
  return (
    <div>
      <div className={styles.fieldHead}>
        <label htmlFor={id}>Filter</label>
        {typed === null ? (
          <span className={styles.kind}>mail ports, with VLAN tags and fragments</span>
        ) : (
          <Button look="quiet" onClick={() => setStartOptions({ filter: null })}>
            Mail ports
          </Button>
        )}
      </div>
      <textarea
        id={id}
        rows={2}
        spellCheck={false}
        className={styles.filter}
        value={typed ?? usual}
        aria-invalid={fault !== ''}
        aria-describedby={`${id}-said`}
        onChange={(event) => setStartOptions({ filter: event.target.value.replace(/\n/g, ' ') })}
      />
      <p id={`${id}-said`} role="status" className={fault === '' ? styles.kind : styles.error}>
        {fault !== '' ? fault : typed === '' ? 'Without a filter everything is captured.' : ''}
      </p>
    </div>
  );
}

function useDefaultFilter(interfaceName: string): string {
  const bridge = useBridge();
  const [usual, setUsual] = useState('');
  useEffect(() => {
    let current = true;
    void ask(bridge.invoke['live:default-filter']({ interfaceName })).then((answer) => {
      if (current && answer.ok) setUsual(answer.value);
    });
    return () => {
      current = false;
    };
  }, [bridge, interfaceName]);
  return usual;
}

/** What is wrong with the filter, a moment after the last key; empty when nothing is known to be. */
function useFilterFault(interfaceName: string, filter: string | null): string {
  const bridge = useBridge();
  const [fault, setFault] = useState('');
  useEffect(() => {
    if (filter === null || filter.trim() === '') {
      setFault('');
      return undefined;
    }
    let current = true;
    const timer = setTimeout(() => {
      void ask(bridge.invoke['live:check-filter']({ interfaceName, filter })).then((answer) => {
        if (current) setFault(answer.ok ? (answer.value ?? '') : answer.problem.message);
      });
    }, CHECK_DELAY_MS);
    return () => {
      current = false;
      clearTimeout(timer);
    };
  }, [bridge, interfaceName, filter]);
  return fault;
}
