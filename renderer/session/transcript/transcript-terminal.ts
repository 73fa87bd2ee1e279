/**
 * The transcript in xterm. In: items and wishes. Out: what the user points at.
 * It owns the terminal, its size and its decorations; it knows nothing of the
 * bridge. Nothing is ever typed into this terminal: it only shows.
 */
import { Terminal } from '@xterm/xterm';
import type { Severity } from '../../../shared/severity.js';
import type { TranscriptItem } from '../../../shared/transcript.js';
import { CLEAR, HOLD, RELEASE, rowsText } from './row-text.js';
import { withConstructedStyles } from './strict-styles.js';
import { TerminalDecorations } from './terminal-decorations.js';
import { terminalTheme } from './terminal-ink.js';
import { frameWidths, layoutItems } from './transcript-layout.js';
import type { LayoutFrame } from './transcript-layout.js';
import type { TranscriptRow } from './transcript-row.js';

const FONT_SIZE = 12.5;
const ROW_HEIGHT = 20;
const SCROLLBAR = 12;
const EDGE_COLUMNS = 3;
const SCROLLBACK = 400_000;
const NEAR_END_ROWS = 60;

export interface TerminalContent {
  readonly items: readonly TranscriptItem[];
  readonly from: number;
  readonly startUs: number;
  readonly severityOf: (violationId: number) => Severity | null;
}

export interface TerminalEvents {
  /** A click on an item; `onMark` when it hit the gutter. */
  readonly onItem: (index: number, onMark: boolean) => void;
  /** The end (or start) of what is held came near. */
  readonly onNearEdge: (side: 'before' | 'after') => void;
  /** Whether the last row is in view, after every move. */
  readonly onAtEnd: (atEnd: boolean) => void;
}

export class TranscriptTerminal {
  private readonly terminal: Terminal;
  private readonly decorations: TerminalDecorations;
  private readonly observer: ResizeObserver;
  private content: TerminalContent | null = null;
  private rows: readonly TranscriptRow[] = [];
  private firstRowOf = new Map<number, number>();
  private activeItem = -1;
  private pendingJump: { readonly item: number; readonly flash: boolean } | null = null;
  private follow = false;
  /** The end was in view before a rewrite and shall be after it. */
  private sticks = false;
  private writing = 0;
  /** Rows that the wheel was turned by, and the first row in view then: the terminal moves some time later, and not at all during a rewrite. */
  private turned = 0;
  private turnedAt = -1;
  /** The active item was in view before a rewrite and shall be after it. */
  private keepsActive = false;
  private resizeTimer: ReturnType<typeof setTimeout> | undefined;

  constructor(
    private readonly container: HTMLElement,
    private readonly events: TerminalEvents,
  ) {
    this.terminal = new Terminal({
      allowProposedApi: true,
      disableStdin: true,
      convertEol: false,
      cursorBlink: false,
      cursorInactiveStyle: 'none',
      fontFamily: getComputedStyle(document.documentElement).getPropertyValue('--font-mono'),
      fontSize: FONT_SIZE,
      fontWeight: '400',
      minimumContrastRatio: 1,
      overviewRuler: { width: SCROLLBAR },
      scrollback: SCROLLBACK,
      scrollOnUserInput: false,
      theme: terminalTheme(document.documentElement),
    });
    withConstructedStyles(document, () => this.terminal.open(container));
    // The terminal acts on no key: all of them are the screen's.
    this.terminal.attachCustomKeyEventHandler(() => false);
    this.terminal.textarea?.setAttribute('aria-label', 'Transcript. The plain list shows the same for screen readers.');
    this.decorations = new TerminalDecorations(this.terminal);
    this.terminal.onRender(() => this.viewMoved());
    container.addEventListener('click', this.handleClick);
    container.addEventListener('mousemove', this.handleMove);
    container.addEventListener('wheel', this.handleWheel, { capture: true, passive: true });
    this.observer = new ResizeObserver(() => this.scheduleFit());
    this.observer.observe(container);
    this.fit();
  }

  /** Shows items; keeps what stands at the top in place when items of before are still among them. */
  show(content: TerminalContent): void {
    this.content = content;
    this.rewrite(this.topItem());
  }

  /** Stays at the end from now on, whatever is added; or not any more. */
  setFollow(follow: boolean): void {
    if (follow && !this.follow) {
      this.sticks = true;
      if (this.writing === 0) this.terminal.scrollToBottom();
    }
    this.follow = follow;
  }

  /** Scrolls an item into the upper third and makes it active; waits for a rewrite that is under way. */
  jumpTo(item: number, flash: boolean): void {
    if (this.writing > 0) {
      this.pendingJump = { item, flash };
      return;
    }
    const row = this.firstRowOf.get(item);
    if (row === undefined) return;
    this.terminal.scrollToLine(Math.max(0, row - Math.floor(this.terminal.rows / 3)));
    this.setActive(item, false);
    if (flash) this.decorations.flash(row, this.heightOf(item, row));
  }

  /** Makes an item active and, when `scroll`, moves it just into view. */
  setActive(item: number, scroll: boolean): void {
    const row = this.firstRowOf.get(item);
    if (row === undefined) return;
    this.activeItem = item;
    // What is drawn before the rows are there would go with the old ones; `written` draws it.
    if (this.writing > 0) return;
    const height = this.heightOf(item, row);
    this.decorations.drawActive(row, height);
    const top = this.terminal.buffer.active.viewportY;
    if (scroll && row < top) this.terminal.scrollToLine(row);
    else if (scroll && row + height > top + this.terminal.rows)
      this.terminal.scrollToLine(row + height - this.terminal.rows);
  }

  /** Colours after a change of theme. */
  recolour(): void {
    this.terminal.options.theme = terminalTheme(document.documentElement);
    this.rewrite(this.topItem());
  }

  focus(): void {
    this.terminal.focus();
  }

  /** Index of the first visible item, or -1. */
  topItem(): number {
    return this.rows[this.terminal.buffer.active.viewportY]?.item ?? -1;
  }

  /** The buffer's rows as text, for tests. */
  text(): string[] {
    const buffer = this.terminal.buffer.active;
    const lines: string[] = [];
    for (let row = 0; row < buffer.length; row++) lines.push(buffer.getLine(row)?.translateToString(true) ?? '');
    while (lines.length > 0 && lines[lines.length - 1] === '') lines.pop();
    return lines;
  }

  dispose(): void {
    clearTimeout(this.resizeTimer);
    this.observer.disconnect();
    this.container.removeEventListener('click', this.handleClick);
    this.container.removeEventListener('wheel', this.handleWheel, { capture: true });
    this.container.removeEventListener('mousemove', this.handleMove);
    this.terminal.dispose();
  }

  private rewrite(anchor: number): void {
    const { content } = this;
    if (content === null) return;
    if (this.writing === 0) {
      this.forgetTurned();
      this.sticks = this.isAtEnd() && this.turned >= 0;
    }
    this.rows = layoutItems(content.items, content.from, this.frame(content));
    this.firstRowOf = new Map();
    this.rows.forEach((row, at) => {
      if (row.first) this.firstRowOf.set(row.item, at);
    });
    this.decorations.clear();
    this.writing++;
    this.terminal.write(HOLD + CLEAR + rowsText(this.rows) + RELEASE, () => {
      this.writing--;
      if (this.writing === 0) this.written(anchor);
    });
  }

  private written(anchor: number): void {
    this.drawMarks();
    const row = this.firstRowOf.get(anchor) ?? 0;
    if (this.follow && this.sticks) this.terminal.scrollToBottom();
    else this.terminal.scrollToLine(Math.max(0, row + this.turned));
    this.turned = 0;
    this.turnedAt = -1;
    if (this.firstRowOf.has(this.activeItem)) this.setActive(this.activeItem, this.keepsActive);
    this.keepsActive = false;
    const jump = this.pendingJump;
    this.pendingJump = null;
    if (jump !== null) this.jumpTo(jump.item, jump.flash);
    this.viewMoved();
  }

  /** What the wheel was turned by is done once the terminal has moved. */
  private forgetTurned(): void {
    if (this.terminal.buffer.active.viewportY !== this.turnedAt) this.turned = 0;
  }

  private drawMarks(): void {
    const style = getComputedStyle(document.documentElement);
    this.rows.forEach((row, at) => {
      if (row.mark !== null) this.decorations.drawMark(at, row.mark, style.getPropertyValue(`--${row.mark}`).trim());
    });
  }

  private viewMoved(): void {
    if (this.writing > 0 || this.content === null) return;
    this.forgetTurned();
    const top = this.terminal.buffer.active.viewportY;
    const bottom = top + this.terminal.rows;
    for (let row = top; row < Math.min(bottom, this.rows.length); row++) {
      const content = this.rows[row];
      if (content !== undefined) this.decorations.drawBoxes(row, content);
    }
    this.events.onAtEnd(this.isAtEnd());
    if (bottom + NEAR_END_ROWS >= this.rows.length) this.events.onNearEdge('after');
    if (top === 0 && this.content.from > 0) this.events.onNearEdge('before');
  }

  private frame(content: TerminalContent): LayoutFrame {
    const { items, startUs, severityOf } = content;
    let last = 0;
    let lastUs = startUs;
    for (const item of items) {
      if (item.kind !== 'line') continue;
      last = Math.max(last, item.number);
      lastUs = Math.max(lastUs, item.timeUs);
    }
    return { columns: this.terminal.cols - EDGE_COLUMNS, startUs, severityOf, ...frameWidths(last, startUs, lastUs) };
  }

  private scheduleFit(): void {
    clearTimeout(this.resizeTimer);
    this.resizeTimer = setTimeout(() => this.fit(), 60);
  }

  /** As many whole cells as the container holds; lays out anew when the width changed. */
  private fit(): void {
    const screen = this.container.querySelector<HTMLElement>('.xterm-screen');
    if (screen === null || this.container.clientWidth === 0) return;
    const cellHeight = screen.offsetHeight / this.terminal.rows;
    if (Math.abs(cellHeight - ROW_HEIGHT) > 0.5 && cellHeight > 0) {
      const natural = cellHeight / (this.terminal.options.lineHeight ?? 1);
      this.terminal.options.lineHeight = Math.max(1, (ROW_HEIGHT + 0.2) / natural);
    }
    const cellWidth = screen.offsetWidth / this.terminal.cols;
    // One column more than fits, so that tints reach the edge; `frame` keeps text out of it and from under the scrollbar.
    const columns = Math.max(40, Math.ceil(this.container.clientWidth / cellWidth));
    const rows = Math.max(2, Math.floor(this.container.clientHeight / ROW_HEIGHT));
    const anchor = this.topItem();
    if (columns === this.terminal.cols && rows === this.terminal.rows) return;
    this.keepsActive ||= this.showsActive();
    this.terminal.resize(columns, rows);
    this.rewrite(anchor);
  }

  private isAtEnd(): boolean {
    const { viewportY, baseY } = this.terminal.buffer.active;
    return viewportY >= baseY;
  }

  private showsActive(): boolean {
    const row = this.firstRowOf.get(this.activeItem);
    const top = this.terminal.buffer.active.viewportY;
    return row !== undefined && row >= top && row < top + this.terminal.rows;
  }

  private heightOf(item: number, row: number): number {
    let end = row + 1;
    while (this.rows[end]?.item === item) end++;
    return end - row;
  }

  private readonly handleClick = (event: MouseEvent): void => {
    if (this.terminal.hasSelection()) return;
    const at = this.rowAt(event);
    if (at !== null) this.events.onItem(at.row.item, at.column < 2);
  };

  /** Who scrolls up while rows are being written wants to stay there. */
  private readonly handleWheel = (event: WheelEvent): void => {
    if (!this.canMove(event.deltaY)) return;
    if (this.writing === 0) this.forgetTurned();
    this.turned += rowsTurned(event);
    this.turnedAt = this.terminal.buffer.active.viewportY;
    if (event.deltaY >= 0) return;
    this.sticks = false;
    this.events.onAtEnd(false);
  };

  /** Are there rows beyond those in view? While they are written, their number tells. */
  private canMove(deltaY: number): boolean {
    if (this.writing > 0) return this.rows.length > this.terminal.rows;
    const { viewportY, baseY } = this.terminal.buffer.active;
    return deltaY < 0 ? viewportY > 0 : viewportY < baseY;
  }

  private readonly handleMove = (event: MouseEvent): void => {
    const at = this.rowAt(event);
    const item = at === null ? undefined : this.content?.items[at.row.item - this.content.from];
    const pointed = item?.kind === 'fold' || (item?.kind === 'line' && item.severity !== null);
    this.container.dataset['pointed'] = pointed ? 'yes' : 'no';
  };

  private rowAt(event: MouseEvent): { readonly row: TranscriptRow; readonly column: number } | null {
    const screen = this.container.querySelector<HTMLElement>('.xterm-screen');
    if (screen === null) return null;
    const box = screen.getBoundingClientRect();
    const line = Math.floor((event.clientY - box.top) / (box.height / this.terminal.rows));
    const row = this.rows[this.terminal.buffer.active.viewportY + line];
    if (row === undefined || event.clientX > box.right) return null;
    return { row, column: Math.floor((event.clientX - box.left) / (box.width / this.terminal.cols)) };
  }
}

function rowsTurned({ deltaY, deltaMode }: WheelEvent): number {
  return Math.round(deltaMode === WheelEvent.DOM_DELTA_PIXEL ? deltaY / ROW_HEIGHT : deltaY);
}
