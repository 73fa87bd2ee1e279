/** Addresses as text: dotted decimal, and RFC 5952 for IPv6. */

/** The first word for IPv4, all four for IPv6. */
export function addressText(isIpv6: boolean, words: ArrayLike<number>, at = 0): string {
  return isIpv6 ? ipv6Text(words, at) : ipv4Text(words[at] as number);
}

function ipv4Text(word: number): string {
  return `${word >>> 24}.${(word >>> 16) & 255}.${(word >>> 8) & 255}.${word & 255}`;
}

/** Lower case, no leading zeros, the first longest run of two or more zero groups as `::`. */
function ipv6Text(words: ArrayLike<number>, at: number): string {
  if (words[at] === 0 && words[at + 1] === 0 && words[at + 2] === 0xffff) {
    return `::ffff:${ipv4Text(words[at + 3] as number)}`;
  }
  const groups: number[] = [];
  for (let i = 0; i < 4; i++) {
    const word = words[at + i] as number;
    groups.push(word >>> 16, word & 0xffff);
  }
  const run = longestZeroRun(groups);
  const text = (from: number, to: number): string =>
    groups
      .slice(from, to)
      .map((group) => group.toString(16))
      .join(':');
  return run.length < 2 ? text(0, 8) : `${text(0, run.start)}::${text(run.start + run.length, 8)}`;
}

function longestZeroRun(groups: readonly number[]): { readonly start: number; readonly length: number } {
  let best = { start: 0, length: 0 };
  let start = 0;
  for (let i = 0; i <= groups.length; i++) {
    if (groups[i] === 0) continue;
    if (i - start > best.length) best = { start, length: i - start };
    start = i + 1;
  }
  return best;
}
