/** The app's two buttons: with words, and with an icon alone (which then has a tooltip that is also its name). */
import { Tooltip } from '@base-ui/react/tooltip';
import type { ButtonHTMLAttributes, ReactElement, ReactNode } from 'react';
import styles from './controls.module.css';

interface ButtonProps extends ButtonHTMLAttributes<HTMLButtonElement> {
  readonly look?: 'plain' | 'primary' | 'quiet';
  readonly icon?: ReactNode;
}

export function Button({ look = 'plain', icon, children, ...rest }: ButtonProps) {
  return (
    <button type="button" {...rest} className={styles.button} data-look={look}>
      {icon}
      {children}
    </button>
  );
}

interface IconButtonProps extends ButtonHTMLAttributes<HTMLButtonElement> {
  /** Name for screen readers and text of the tooltip. */
  readonly label: string;
  readonly keys?: string;
  readonly icon: ReactNode;
}

export function IconButton({ label, keys, icon, ...rest }: IconButtonProps) {
  return (
    <Hint text={label} keys={keys}>
      <button type="button" aria-label={label} {...rest} className={styles.iconButton}>
        {icon}
      </button>
    </Hint>
  );
}

interface HintProps {
  readonly text: ReactNode;
  readonly keys?: string | undefined;
  readonly side?: 'top' | 'right' | 'bottom' | 'left';
  /** The element that is explained; it gets the tooltip's handlers. */
  readonly children: ReactElement<Record<string, unknown>>;
}

/** A tooltip over its child. */
export function Hint({ text, keys, side = 'bottom', children }: HintProps) {
  return (
    <Tooltip.Root>
      <Tooltip.Trigger render={children} />
      <Tooltip.Portal>
        <Tooltip.Positioner side={side} sideOffset={6} className={styles.floating}>
          <Tooltip.Popup className={styles.tooltip}>
            {text}
            {keys === undefined ? null : <kbd>{keys}</kbd>}
          </Tooltip.Popup>
        </Tooltip.Positioner>
      </Tooltip.Portal>
    </Tooltip.Root>
  );
}
