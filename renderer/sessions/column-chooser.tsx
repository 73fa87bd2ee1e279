/** Which columns the Sessions table shows. */
import { Menu } from '@base-ui/react/menu';
import { Check, Columns3 } from 'lucide-react';
import type { SessionColumn } from '../../shared/view-columns.js';
import controls from '../controls/controls.module.css';
import type { SessionGridColumn } from './session-columns.js';
import styles from './sessions.module.css';

interface ColumnChooserProps {
  readonly columns: readonly SessionGridColumn[];
  readonly shown: readonly SessionColumn[];
  readonly onShown: (shown: readonly SessionColumn[]) => void;
  readonly onReset: () => void;
}

export function ColumnChooser({ columns, shown, onShown, onReset }: ColumnChooserProps) {
  const toggle = (id: SessionColumn, on: boolean): void => {
    // The order is that of the table, whatever the order of choosing.
    const next = columns.map((column) => column.id).filter((other) => (other === id ? on : shown.includes(other)));
    if (next.length > 0) onShown(next);
  };
  return (
    <Menu.Root>
      <Menu.Trigger className={styles.chooser} aria-label="Choose columns" title="Choose columns">
        <Columns3 size={14} strokeWidth={1.7} />
      </Menu.Trigger>
      <Menu.Portal>
        <Menu.Positioner className={controls.floating} align="end" sideOffset={4}>
          <Menu.Popup className={controls.menu}>
            {columns.map((column) => (
              <Menu.CheckboxItem
                key={column.id}
                className={controls.menuItem}
                checked={shown.includes(column.id)}
                closeOnClick={false}
                onCheckedChange={(on) => toggle(column.id, on)}
              >
                <span className={controls.menuCheck}>
                  <Menu.CheckboxItemIndicator>
                    <Check size={14} strokeWidth={2} />
                  </Menu.CheckboxItemIndicator>
                </span>
                {column.hint === undefined || column.id === 'time' ? column.title : column.hint}
              </Menu.CheckboxItem>
            ))}
            <Menu.Separator className={controls.menuSeparator} />
            <Menu.Item className={controls.menuItem} onClick={onReset}>
              <span className={controls.menuCheck} />
              Default columns and widths
            </Menu.Item>
          </Menu.Popup>
        </Menu.Positioner>
      </Menu.Portal>
    </Menu.Root>
  );
}
