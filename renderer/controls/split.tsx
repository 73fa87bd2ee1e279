/** Two panels with a draggable edge between them; where the edge stands is remembered in the settings. */
import { Group, Panel, Separator } from 'react-resizable-panels';
import type { ReactNode } from 'react';
import { useApp } from '../store/store-context.js';
import styles from './split.module.css';

interface SplitProps {
  /** Name in the settings. */
  readonly name: string;
  readonly orientation: 'horizontal' | 'vertical';
  readonly label: string;
  readonly first: ReactNode;
  readonly second: ReactNode;
  /** Sizes of the second panel: a number is pixels, a string percent. */
  readonly secondSize: number | string;
  readonly secondMinimum: number;
  readonly firstMinimum: number;
}

export function Split(props: SplitProps) {
  const stored = useApp((state) => state.settings.panels[props.name]);
  const changeSettings = useApp((state) => state.changeSettings);
  const panels = useApp((state) => state.settings.panels);
  const [first, second] = stored ?? [];
  const layout = first === undefined || second === undefined ? {} : { defaultLayout: { first, second } };
  const fixed = typeof props.secondSize === 'number';
  return (
    <Group
      // A reset of the settings takes effect at once.
      key={stored === undefined ? 'default' : 'stored'}
      className={styles.group}
      // Its cursors come as a style element, which the page's policy refuses; split.module.css has them.
      disableCursor
      orientation={props.orientation}
      {...layout}
      onLayoutChanged={(now, meta) => {
        if (meta.isUserInteraction)
          changeSettings({ panels: { ...panels, [props.name]: [now['first'] ?? 50, now['second'] ?? 50] } });
      }}
    >
      <Panel id="first" minSize={props.firstMinimum} className={styles.panel}>
        {props.first}
      </Panel>
      <Separator className={styles.edge} data-orientation={props.orientation} aria-label={props.label} />
      <Panel
        id="second"
        minSize={props.secondMinimum}
        defaultSize={props.secondSize}
        groupResizeBehavior={fixed ? 'preserve-pixel-size' : 'preserve-relative-size'}
        className={styles.panel}
      >
        {props.second}
      </Panel>
    </Group>
  );
}
