/** Packets a second of the last minute as a line; its words are said by who shows it. */
import styles from './interfaces.module.css';

const WIDTH = 96;
const HEIGHT = 20;
/** One minute, a second each: a line that has just begun stands at the right. */
export const SPARK_SAMPLES = 60;

export function Sparkline({ values }: { readonly values: readonly number[] }) {
  const points = sparkPoints(values, WIDTH, HEIGHT);
  return (
    <svg className={styles.spark} width={WIDTH} height={HEIGHT} viewBox={`0 0 ${WIDTH} ${HEIGHT}`} aria-hidden>
      <line className={styles.sparkBase} x1={0} x2={WIDTH} y1={HEIGHT - 0.5} y2={HEIGHT - 0.5} />
      {points === '' ? null : <polyline className={styles.sparkLine} points={points} />}
    </svg>
  );
}

/**
 * Points of the line: the newest sample at the right edge, the greatest at the
 * top, zero at the bottom; empty with fewer than two samples. Only the last
 * `SPARK_SAMPLES` count.
 */
export function sparkPoints(values: readonly number[], width: number, height: number): string {
  const shown = values.slice(-SPARK_SAMPLES);
  if (shown.length < 2) return '';
  const greatest = Math.max(...shown, 1);
  const step = width / (SPARK_SAMPLES - 1);
  const first = width - step * (shown.length - 1);
  return shown
    .map(
      (value, at) =>
        `${round(first + at * step)},${round(height - 1 - (Math.max(0, value) / greatest) * (height - 2))}`,
    )
    .join(' ');
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}
