/** LINKTYPE_ values of capture files for what `cap` calls a link type (https://www.tcpdump.org/linktypes.html). */
const LINK_TYPES: ReadonlyMap<string, number> = new Map([
  ['NULL', 0],
  ['ETHERNET', 1],
  ['IEEE802_11_RADIO', 127],
  ['LINKTYPE_LINUX_SLL', 113],
  ['RAW', 101],
]);

/** DLT_ values of systems that call raw IP otherwise in memory than in files. */
const RAW_IP_DLTS: ReadonlySet<number> = new Set([12, 14]);
const LINKTYPE_RAW = 101;

/** An `Unknown linktype 276` is a DLT_ value, which from 104 on, and for the common ones before, is the file's too. */
export function linkTypeOf(name: string): number {
  const known = LINK_TYPES.get(name);
  if (known !== undefined) return known;
  const value = Number.parseInt(/\d+$/.exec(name)?.[0] ?? '', 10);
  if (!Number.isSafeInteger(value) || value > 0xffff)
    throw new Error(`the interface has a link type that files do not know (${name})`);
  return RAW_IP_DLTS.has(value) ? LINKTYPE_RAW : value;
}
