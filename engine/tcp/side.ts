/** The two ends of a connection, by the order of their addresses: 0 has the lower one, 1 the higher. */
export type Side = 0 | 1;

export function opposite(side: Side): Side {
  return side === 0 ? 1 : 0;
}
