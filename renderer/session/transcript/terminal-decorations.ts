/**
 * What is drawn over the terminal's cells: severity marks in the gutter, boxes
 * around octets, the active line, the flash after a jump. Marks of findings
 * exist for the whole transcript (they also show in the scrollbar); boxes only
 * for rows that came into view.
 */
import type { IDecoration, IMarker, Terminal } from '@xterm/xterm';
import type { Severity } from '../../../shared/severity.js';
import type { OctetBoxes, TranscriptRow } from './transcript-row.js';
import styles from './transcript.module.css';

interface Extent {
  readonly height?: number;
  readonly overviewRulerOptions?: { readonly color: string; readonly position: 'full' };
}

export class TerminalDecorations {
  private readonly boxed = new Set<number>();
  private readonly drawn = new Set<IDecoration>();
  private readonly markers = new Map<number, IMarker>();
  private active: IDecoration | undefined;

  constructor(private readonly terminal: Terminal) {}

  /**
   * Forgets everything, before the buffer is written anew. Markers go only
   * after all decorations: xterm finds a decoration by its marker's line, in a
   * list that a disposed marker would put out of order.
   */
  clear(): void {
    for (const decoration of this.drawn) decoration.dispose();
    for (const marker of this.markers.values()) marker.dispose();
    this.drawn.clear();
    this.markers.clear();
    this.boxed.clear();
    this.active = undefined;
  }

  /** The gutter mark of a row; `colour` is for the scrollbar's ruler. */
  drawMark(row: number, severity: Severity, colour: string): void {
    const decoration = this.decorate(row, 0, 2, { overviewRulerOptions: { color: colour, position: 'full' } });
    decoration?.onRender((element) => {
      if (element.dataset['severity'] !== undefined) return;
      element.classList.add(styles.gutter ?? '');
      element.dataset['severity'] = severity;
      element.append(document.createElement('i'));
    });
  }

  /** The octet boxes of a row, once. */
  drawBoxes(row: number, content: TranscriptRow): void {
    if (content.boxes.length === 0 || this.boxed.has(row)) return;
    this.boxed.add(row);
    for (const boxes of content.boxes) this.drawBox(row, boxes, content.tint);
  }

  /** A bar beside the rows of the active item. */
  drawActive(row: number, rows: number): void {
    if (this.active !== undefined) this.remove(this.active);
    this.active = this.cover(row, rows, styles.active ?? '');
  }

  /** Lights the rows of an item for a moment. */
  flash(row: number, rows: number): void {
    const flash = this.cover(row, rows, styles.flash ?? '');
    flash?.onRender((element) => element.addEventListener('animationend', () => this.remove(flash), { once: true }));
  }

  private drawBox(row: number, boxes: OctetBoxes, tint: Severity | null): void {
    const decoration = this.decorate(row, boxes.column, boxes.labels.length * 2, {});
    decoration?.onRender((element) => {
      if (element.childElementCount > 0) return;
      element.classList.add(styles.boxes ?? '');
      if (tint !== null) element.dataset['tint'] = tint;
      if (boxes.mark !== null) element.dataset['mark'] = boxes.mark;
      const row = document.createElement('div');
      for (const label of boxes.labels) {
        const box = document.createElement('span');
        box.textContent = label;
        row.append(box);
      }
      element.append(row);
    });
  }

  private cover(row: number, height: number, className: string): IDecoration | undefined {
    const decoration = this.decorate(row, 0, this.terminal.cols, { height });
    decoration?.onRender((element) => element.classList.add(className));
    return decoration;
  }

  private decorate(row: number, x: number, width: number, more: Extent): IDecoration | undefined {
    const marker = this.markerAt(row);
    if (marker === undefined) return undefined;
    const decoration = this.terminal.registerDecoration({ marker, x, width, layer: 'top', ...more });
    if (decoration !== undefined) this.drawn.add(decoration);
    return decoration;
  }

  private remove(decoration: IDecoration): void {
    if (this.drawn.delete(decoration)) decoration.dispose();
  }

  private markerAt(row: number): IMarker | undefined {
    const held = this.markers.get(row);
    if (held !== undefined && !held.isDisposed) return held;
    const { baseY, cursorY } = this.terminal.buffer.active;
    const marker = this.terminal.registerMarker(row - (baseY + cursorY));
    if (marker !== undefined) this.markers.set(row, marker);
    return marker;
  }
}
