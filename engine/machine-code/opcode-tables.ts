/**
 * The opcode maps of x86 as rows of words, one word an opcode, sixteen a row,
 * as the Intel manual prints them (SDM volume 2, appendix A). Out: one number
 * an opcode, which tells the length decoder what follows and what to think of
 * it.
 *
 * A word is a shape, then marks, then `:` and the mandatory prefixes with which
 * the opcode is defined (`n` none, `6` 66h, `3` F3h, `2` F2h; none named: all).
 * Shapes: `.` nothing follows, `b` an octet, `w` two, `z` two or four by operand
 * size, `v` as z but eight with REX.W, `o` an address, `f` a far pointer, `e` two
 * and one; `M` ModRM, also before a shape; `x` undefined; `P` prefix; `V` where
 * VEX, EVEX and XOP may begin; `G` more of the octets decides.
 * Marks: `!` undefined in 64-bit mode, `$` privileged, `a` memory operand only,
 * `r` register operand only, `#` debug trap, `~` does nothing of note, and what
 * it does to the flow: `j` may jump, `J` jumps, `C` calls, `R` leaves for good.
 */

/** What an opcode's number says: bits, and two fields of three bits. */
export const SHAPE = {
  modRm: 1 << 0,
  prefix: 1 << 1,
  undefined: 1 << 2,
  undefinedWide: 1 << 3,
  privileged: 1 << 4,
  debugTrap: 1 << 5,
  idle: 1 << 6,
  memoryOnly: 1 << 7,
  registerOnly: 1 << 8,
  /** ModRM or the prefixes decide more: `judgeOpcode`. */
  special: 1 << 9,
  vector: 1 << 10,
  /** Where the four bits of the allowed mandatory prefixes begin: none, 66, F3, F2. */
  prefixesAt: 11,
  /** Where the immediate's kind begins: `IMMEDIATE`. */
  immediateAt: 15,
  /** Where the flow's kind begins: `FLOW`. */
  flowAt: 19,
} as const;

export const IMMEDIATE = { none: 0, octet: 1, word: 2, full: 3, wide: 4, address: 5, far: 6, enter: 7 } as const;
/** `leaves`: the end of what can be followed without running it (return, jump through a register, far jump). */
export const FLOW = { on: 0, mayJump: 1, jumps: 2, calls: 3, leaves: 4 } as const;

const ALL_PREFIXES = 15;
const PREFIX_BITS: Readonly<Record<string, number>> = { n: 1, '6': 2, '3': 4, '2': 8 };
const IMMEDIATES: Readonly<Record<string, number>> = {
  '.': IMMEDIATE.none,
  b: IMMEDIATE.octet,
  w: IMMEDIATE.word,
  z: IMMEDIATE.full,
  v: IMMEDIATE.wide,
  o: IMMEDIATE.address,
  f: IMMEDIATE.far,
  e: IMMEDIATE.enter,
};
const MARKS: Readonly<Record<string, number>> = {
  M: SHAPE.modRm,
  P: SHAPE.prefix,
  x: SHAPE.undefined,
  V: SHAPE.vector,
  G: SHAPE.special,
  '!': SHAPE.undefinedWide,
  $: SHAPE.privileged,
  a: SHAPE.memoryOnly,
  r: SHAPE.registerOnly,
  '#': SHAPE.debugTrap,
  '~': SHAPE.idle,
  j: FLOW.mayJump << SHAPE.flowAt,
  J: FLOW.jumps << SHAPE.flowAt,
  C: FLOW.calls << SHAPE.flowAt,
  R: FLOW.leaves << SHAPE.flowAt,
};

function shapeOf(word: string): number {
  const [letters = '', prefixes = ''] = word.split(':');
  let shape = 0;
  for (const letter of letters) shape |= MARKS[letter] ?? (IMMEDIATES[letter] ?? 0) << SHAPE.immediateAt;
  let allowed = 0;
  for (const prefix of prefixes) allowed |= PREFIX_BITS[prefix] ?? 0;
  return shape | ((allowed === 0 ? ALL_PREFIXES : allowed) << SHAPE.prefixesAt);
}

/** The same words return all over the maps, which every start of a program makes. */
const shapes = new Map<string, number>();

function knownShapeOf(word: string): number {
  const shape = shapes.get(word) ?? shapeOf(word);
  shapes.set(word, shape);
  return shape;
}

function mapOf(rows: string): Uint32Array {
  return Uint32Array.from(rows.trim().split(/\s+/), knownShapeOf);
}

/** One-octet opcodes. 0F stands as undefined here: it leads to the next map. */
export const ONE_OCTET = mapOf(`
  M M M M b z .! .!                      M M M M b z .! x
  M M M M b z .! .!                      M M M M b z .! .!
  M M M M b z P .!                       M M M M b z P .!
  M M M M b z P .!                       M M M M b z P .!
  . . . . . . . .                        . . . . . . . .
  . . . . . . . .                        . . . . . . . .
  .! .! MaV! M P P P P                   z Mz b Mb .$ .$ .$ .$
  bj bj bj bj bj bj bj bj                bj bj bj bj bj bj bj bj
  Mb Mz Mb! Mb M M M M                   M M M M MG Ma MG MVG
  .~ .~ .~ .~ .~ .~ .~ .~                .~ .~ fR! .~ . . .~ .~
  o o o o . . . .                        b z . . . . . .
  b b b b b b b b                        v v v v v v v v
  Mb Mb wR .R MaV! MaV! MbG MzG          e . wR .R .# b .! .R
  M M M M b! b! .! .                     MG MG MG MG MG MG MG MG
  bj bj bj bj b$ b$ b$ b$                zC zJ fR! bJ .$ .$ .$ .$
  P .# P P .$ . MG MG                    .~ .~ .$ .$ .~ . MG MG
`);

/** Opcodes behind 0F. */
export const TWO_OCTETS = mapOf(`
  MG MG M M x . .$ .$                    .$ .$ x x x M . x
  M M MG Ma:n6 M:n6 M:n6 MG Ma:n6        M M M M M M M M~
  M$G M$G M$G M$G x x x x                M:n6 M:n6 M Ma M M M:n6 M:n6
  .$ . .$ . . .$R x .:n                  x x x x x x x x
  M M M M M M M M                        M M M M M M M M
  Mr:n6 M M:n3 M:n3 M:n6 M:n6 M:n6 M:n6  M M M M:n63 M M M M
  M:n6 M:n6 M:n6 M:n6 M:n6 M:n6 M:n6 M:n6 M:n6 M:n6 M:n6 M:n6 M:6 M:6 M:n6 M:n63
  Mb MbrG:n6 MbrG:n6 MbrG:n6 M:n6 M:n6 M:n6 .:n M$:n M$:n x x M:62 M:62 M:n63 M:n63
  zj zj zj zj zj zj zj zj                zj zj zj zj zj zj zj zj
  M M M M M M M M                        M M M M M M M M
  . . . M Mb M x x                       . . .$ M Mb M MG M
  M M Ma M Ma Ma M M                     M:3 x MbG M M M M M
  M M Mb Ma:n Mb:n6 Mbr:n6 Mb:n6 MG      . . . . . . . .
  M:62 M:n6 M:n6 M:n6 M:n6 M:n6 MG Mr:n6 M:n6 M:n6 M:n6 M:n6 M:n6 M:n6 M:n6 M:n6
  M:n6 M:n6 M:n6 M:n6 M:n6 M:n6 M:632 Ma:n6 M:n6 M:n6 M:n6 M:n6 M:n6 M:n6 M:n6 M:n6
  Ma:2 M:n6 M:n6 M:n6 M:n6 M:n6 M:n6 Mr:n6 M:n6 M:n6 M:n6 M:n6 M:n6 M:n6 M:n6 x
`);

/** Opcodes behind 0F 38; all have a ModRM octet. */
export const MAP_0F38 = mapOf(`
  M:n6 M:n6 M:n6 M:n6 M:n6 M:n6 M:n6 M:n6 M:n6 M:n6 M:n6 M:n6 x x x x
  M:6 x x x M:6 M:6 x M:6                x x x x M:n6 M:n6 M:n6 x
  M:6 M:6 M:6 M:6 M:6 M:6 x x            M:6 M:6 Ma:6 M:6 x x x x
  M:6 M:6 M:6 M:6 M:6 M:6 x M:6          M:6 M:6 M:6 M:6 M:6 M:6 M:6 M:6
  M:6 M:6 x x x x x x                    x x x x x x x x
  x x x x x x x x                        x x x x x x x x
  x x x x x x x x                        x x x x x x x x
  x x x x x x x x                        x x x x x x x x
  Ma$:6 Ma$:6 Ma$:6 x x x x x            x x x x x x x x
  x x x x x x x x                        x x x x x x x x
  x x x x x x x x                        x x x x x x x x
  x x x x x x x x                        x x x x x x x x
  x x x x x x x x                        M:n M:n M:n M:n M:n M:n x M:6
  x x x x x x x x                        x x x M:6 M:6 M:6 M:6 M:6
  x x x x x x x x                        x x x x x x x x
  MG MG x x x x MG x                     MaG Ma:n x x x x x x
`);

/** Opcodes behind 0F 3A; all have a ModRM octet and an immediate. */
export const MAP_0F3A = mapOf(`
  x x x x x x x x                        Mb:6 Mb:6 Mb:6 Mb:6 Mb:6 Mb:6 Mb:6 Mb:n6
  x x x x Mb:6 Mb:6 Mb:6 Mb:6            x x x x x x x x
  Mb:6 Mb:6 Mb:6 x x x x x               x x x x x x x x
  x x x x x x x x                        x x x x x x x x
  Mb:6 Mb:6 Mb:6 x Mb:6 x x x            x x x x x x x x
  x x x x x x x x                        x x x x x x x x
  Mb:6 Mb:6 Mb:6 Mb:6 x x x x            x x x x x x x x
  x x x x x x x x                        x x x x x x x x
  x x x x x x x x                        x x x x x x x x
  x x x x x x x x                        x x x x x x x x
  x x x x x x x x                        x x x x x x x x
  x x x x x x x x                        x x x x x x x x
  x x x x x x x x                        x x x x Mb:n x Mb:6 Mb:6
  x x x x x x x x                        x x x x x x x Mb:6
  x x x x x x x x                        x x x x x x x x
  x x x x x x x x                        x x x x x x x x
`);
