/**
 * The terminal as a component. For tests, the container element has the
 * function `__terminalText()`, which gives the buffer's rows as text; it only reads.
 */
import { useEffect, useRef, useState } from 'react';
import { useShownTheme } from '../../app/use-theme.js';
import { useLatest } from '../../react/use-latest.js';
import type { SurfaceProps } from './surface.js';
import { TranscriptTerminal } from './transcript-terminal.js';
import styles from './transcript.module.css';

/** The terminal's container with what tests read from it. */
export interface ReadableTerminal extends HTMLDivElement {
  __terminalText?: () => readonly string[];
}

export function TerminalSurface(props: SurfaceProps) {
  const { snapshot, severityOf, active, jump, follow } = props;
  const container = useRef<ReadableTerminal>(null);
  const events = useLatest(props);
  const [terminal, setTerminal] = useState<TranscriptTerminal | null>(null);
  const theme = useShownTheme();
  const shownTheme = useRef(theme);
  useEffect(() => {
    let made: TranscriptTerminal | null = null;
    let gone = false;
    // Cells are measured when the terminal is made, so the font has to be there before.
    void fontReady().then(() => {
      const element = container.current;
      if (gone || element === null) return;
      made = new TranscriptTerminal(element, {
        onItem: (index, onMark) => events.current.onItem(index, onMark),
        onNearEdge: (side) => events.current.onNearEdge(side),
        onAtEnd: (atEnd) => events.current.onAtEnd(atEnd),
      });
      element.__terminalText = () => made?.text() ?? [];
      setTerminal(made);
    });
    return () => {
      gone = true;
      made?.dispose();
    };
  }, [events]);
  const { items, from, startUs } = snapshot;
  // Before the rows are shown, so that they are shown at their end.
  useEffect(() => terminal?.setFollow(follow), [terminal, follow]);
  useEffect(() => terminal?.show({ items, from, startUs, severityOf }), [terminal, items, from, startUs, severityOf]);
  useEffect(() => {
    if (shownTheme.current !== theme) terminal?.recolour();
    shownTheme.current = theme;
  }, [terminal, theme]);
  useEffect(() => terminal?.setActive(active, true), [terminal, active]);
  useEffect(() => {
    if (jump === null || terminal === null) return;
    terminal.jumpTo(jump.item, true);
    // Who came from another screen left the focus behind there; keys shall work where the line is.
    if (document.activeElement === document.body) terminal.focus();
  }, [terminal, jump]);
  return (
    <div
      ref={container}
      className={styles.terminal}
      data-transcript
      role="group"
      aria-label="Transcript"
      onFocus={(event) => {
        if (event.target === event.currentTarget) terminal?.focus();
      }}
    />
  );
}

async function fontReady(): Promise<void> {
  try {
    await document.fonts.load("12.5px 'JetBrains Mono Variable'");
  } catch {
    // Without the font the fallback is measured, which is right then.
  }
}
