/**
 * What looks at every octet, sixteen or sixty-four at a time. This is
 * AssemblyScript: TypeScript's grammar with WebAssembly's types. `npm run
 * kernels` compiles it into `kernel-code.ts`, which is all that is shipped.
 *
 * Every kernel takes a stretch [start, end) as two addresses within the one
 * memory that it is given. It reads nothing outside of the stretch and writes
 * nothing at all: what it says are numbers. Two of them are packed into one:
 * the lower is the distance from `start`, with one bit below it.
 */

const LF: u8 = 10;
const CR: u8 = 13;
const DOT: u8 = 0x2e;
/** Octets of a vector, and those looked at in one round. */
const BLOCK: usize = 16;
const ROUND: usize = 64;
/** A distance and one bit lie below it. */
const PACKED_BITS: u64 = 26;

/**
 * Ones' complement sum of the 16-bit words, little-endian, an odd last octet padded with zero. Summed are
 * whole 32-bit words, modulo 2^32, and their high halves, which tell the low ones: neither half's sum of a
 * lane reaches 2^32 in a megabyte.
 */
export function sum(start: usize, end: usize): u32 {
  let at = start;
  let all = i32x4.splat(0);
  let high = i32x4.splat(0);
  let more = i32x4.splat(0);
  let higher = i32x4.splat(0);
  for (; end - at >= 32; at += 32) {
    const a = v128.load(at);
    const b = v128.load(at, 16);
    all = i32x4.add(all, a);
    more = i32x4.add(more, b);
    high = i32x4.add(high, i32x4.shr_u(a, 16));
    higher = i32x4.add(higher, i32x4.shr_u(b, 16));
  }
  all = i32x4.add(all, more);
  high = i32x4.add(high, higher);
  if (end - at >= 16) {
    const a = v128.load(at);
    all = i32x4.add(all, a);
    high = i32x4.add(high, i32x4.shr_u(a, 16));
    at += 16;
  }
  const low = i32x4.sub(all, i32x4.shl(high, 16));
  const pairs = i64x2.add(
    i64x2.add(i64x2.extend_low_i32x4_u(low), i64x2.extend_high_i32x4_u(low)),
    i64x2.add(i64x2.extend_low_i32x4_u(high), i64x2.extend_high_i32x4_u(high)),
  );
  let total: u64 = i64x2.extract_lane(pairs, 0) + i64x2.extract_lane(pairs, 1);
  if (end - at >= 8) {
    const word = load<u64>(at);
    total += (word & 0xffffffff) + (word >> 32);
    at += 8;
  }
  if (end - at >= 4) {
    total += <u64>load<u32>(at);
    at += 4;
  }
  if (end - at >= 2) {
    total += <u64>load<u16>(at);
    at += 2;
  }
  if (at < end) total += <u64>load<u8>(at);
  total = (total & 0xffff) + ((total >> 16) & 0xffff) + (total >> 32);
  total = (total & 0xffff) + (total >> 16);
  return <u32>((total & 0xffff) + (total >> 16));
}

/** Which of the 16 octets at an address are `octet`: bit 0 for the first. */
@inline
function blockOf(at: usize, octet: v128): u64 {
  return <u64>(<u32>i8x16.bitmask(i8x16.eq(v128.load(at), octet)));
}

/** The same of 64 octets. */
@inline
function roundOf(at: usize, octet: v128): u64 {
  const low = blockOf(at, octet) | (blockOf(at + BLOCK, octet) << 16);
  const high = blockOf(at + 2 * BLOCK, octet) | (blockOf(at + 3 * BLOCK, octet) << 16);
  return low | (high << 32);
}

/** The same of the at most 64 octets that are left at the end of a stretch. */
function restOf(at: usize, start: usize, end: usize, octet: v128): u64 {
  const left = end - at;
  if (left == 0) return 0;
  if (end - start >= ROUND) return roundOf(end - ROUND, octet) >> <u64>(ROUND - left);
  return end - start >= BLOCK ? blocksOf(at, end, octet) : octetsOf(at, end, octet);
}

/** The last 16 octets before `end` belong to the stretch. */
function blocksOf(at: usize, end: usize, octet: v128): u64 {
  const left = end - at;
  let found: u64 = 0;
  let i: usize = 0;
  for (; left - i >= BLOCK; i += BLOCK) found |= blockOf(at + i, octet) << <u64>i;
  if (i < left) found |= (blockOf(end - BLOCK, octet) >> <u64>(BLOCK + i - left)) << <u64>i;
  return found;
}

function octetsOf(at: usize, end: usize, octet: v128): u64 {
  let found: u64 = 0;
  for (let i: usize = 0; i < end - at; i++) {
    found |= <u64>(load<u8>(at + i) == i8x16.extract_lane_u(octet, 0)) << <u64>i;
  }
  return found;
}

@inline
function packed(upper: u64, distance: usize, bit: bool): f64 {
  return <f64>(<i64>((upper << PACKED_BITS) | (<u64>distance << 1) | <u64>bit));
}

/**
 * Passes over text up to the first dot that stands behind a LF. Upper number: how many LF were passed;
 * distance: of the place behind the last of them, 0 when there is none; bit: the dot was found there.
 */
export function toDot(start: usize, end: usize): f64 {
  const lineFeed = i8x16.splat(LF);
  const dot = i8x16.splat(DOT);
  let count: u64 = 0;
  let behind = start;
  let at = start;
  for (; end - at > ROUND; at += ROUND) {
    const found = roundOf(at, lineFeed);
    if (found == 0) continue;
    const ending = found & roundOf(at + 1, dot);
    if (ending != 0) return packed(count + popcnt(found & (ending ^ (ending - 1))), at + <usize>ctz(ending) + 1 - start, true);
    count += popcnt(found);
    behind = at + ROUND - <usize>clz(found);
  }
  const found = restOf(at, start, end, lineFeed);
  const ending = found & (restOf(at, start, end, dot) >> 1);
  if (ending != 0) return packed(count + popcnt(found & (ending ^ (ending - 1))), at + <usize>ctz(ending) + 1 - start, true);
  if (found != 0) behind = at + ROUND - <usize>clz(found);
  return packed(count + popcnt(found), behind - start, false);
}

/**
 * Passes over whole lines, of which one begins at `start`, up to the first that is not ordinary: those end
 * in CRLF, are at most `longest` octets with it, and begin neither with a dot nor with `other`; the first
 * line's first octet is not looked at. Upper number: how many lines; distance: of the place behind the last;
 * bit: no line ends in the rest.
 */
export function ordinaryLines(start: usize, end: usize, other: u32, longest: u32): f64 {
  const lineFeed = i8x16.splat(LF);
  let count: u64 = 0;
  let begin = start;
  for (let at = start; at < end; at += ROUND) {
    let found = end - at >= ROUND ? roundOf(at, lineFeed) : restOf(at, start, end, lineFeed);
    for (; found != 0; found &= found - 1) {
      const last = at + <usize>ctz(found);
      if (last == begin || load<u8>(last - 1) != CR || last - begin >= longest) return packed(count, begin - start, false);
      count++;
      begin = last + 1;
      if (begin < end) {
        const first = <u32>load<u8>(begin);
        if (first == DOT || first == other) return packed(count, begin - start, false);
      }
    }
  }
  return packed(count, begin - start, true);
}

/** How many LF there are. */
export function countLineFeeds(start: usize, end: usize): u32 {
  const lineFeed = i8x16.splat(LF);
  let count: u32 = 0;
  let at = start;
  while (end - at >= ROUND) {
    // A lane counts to 255 at most.
    const rounds = min<usize>((end - at) / ROUND, 63);
    const stop = at + rounds * ROUND;
    let lanes = i8x16.splat(0);
    for (; at < stop; at += ROUND) {
      const first = i8x16.add(i8x16.eq(v128.load(at), lineFeed), i8x16.eq(v128.load(at, 16), lineFeed));
      const second = i8x16.add(i8x16.eq(v128.load(at, 32), lineFeed), i8x16.eq(v128.load(at, 48), lineFeed));
      lanes = i8x16.sub(lanes, i8x16.add(first, second));
    }
    const sums = i32x4.extadd_pairwise_i16x8_u(i16x8.extadd_pairwise_i8x16_u(lanes));
    count += i32x4.extract_lane(sums, 0) + i32x4.extract_lane(sums, 1) + i32x4.extract_lane(sums, 2) + i32x4.extract_lane(sums, 3);
  }
  return count + <u32>popcnt(restOf(at, start, end, lineFeed));
}

/** Distance of the first LF from `start`; -1 when there is none. */
export function findLineFeed(start: usize, end: usize): i32 {
  const lineFeed = i8x16.splat(LF);
  let at = start;
  for (; end - at >= ROUND; at += ROUND) {
    const found = roundOf(at, lineFeed);
    if (found != 0) return <i32>(at + <usize>ctz(found) - start);
  }
  const found = restOf(at, start, end, lineFeed);
  return found == 0 ? -1 : <i32>(at + <usize>ctz(found) - start);
}
