/**
 * How long the x86 instruction at a place is, and what it is good for, in
 * 32-bit and 64-bit mode: prefixes, REX, the four opcode maps, ModRM, SIB,
 * displacement, immediate. Nothing is emulated and nothing allocated: the
 * answer is one number, taken apart with the constants below.
 *
 * VEX, EVEX, XOP and 3DNow! count as undefined (PROTECTIONS, smtp-malicious-code:
 * "VEX as invalid in sleds"), and so does what always faults (UD0, UD1, UD2).
 * Source: Intel SDM volume 2, chapter 2 and appendix A; AMD APM volume 3 for
 * `near branches in 64-bit mode`, where Intel's reading of 66h is taken.
 */
import { judgeOpcode, MANDATORY, MAP } from './opcode-groups.js';
import { FLOW, IMMEDIATE, MAP_0F38, MAP_0F3A, ONE_OCTET, SHAPE, TWO_OCTETS } from './opcode-tables.js';

/** Parts of a decoded instruction; `opcodeAt` and `flowAt` say where a field of several bits begins. */
export const CODE = {
  /** Octets of the whole instruction, 1 to 15; 0 when it is undefined or cut off. */
  lengthMask: 15,
  undefined: 1 << 4,
  /** The octets end inside of it. */
  cutOff: 1 << 5,
  /** Faults outside of the operating system (IN, OUT, HLT, CLI and the like count). */
  privileged: 1 << 6,
  /** INT3 and INT1. */
  debugTrap: 1 << 7,
  /** One of the sled octets, or the long NOP 0F 1F. */
  idle: 1 << 8,
  /** Has a ModRM octet behind its opcode that names memory. */
  memory: 1 << 9,
  /** Opcode of the one-octet map. */
  oneOctet: 1 << 10,
  /** Offset of the opcode's last octet from the instruction's first: four bits. */
  opcodeAt: 11,
  /** `FLOW`: three bits. */
  flowAt: 15,
  /** Octets of a branch's displacement, which are the instruction's last: 1, 2 or 4; three bits. */
  displacementAt: 18,
} as const;

const LONGEST = 15;
const LOCK = 0xf0;
/** Number of octets by `IMMEDIATE`, without those that depend on prefixes. */
const FIXED_IMMEDIATE = [0, 1, 2, 0, 0, 0, 0, 3];

/**
 * The instruction at `at`, reading nothing from `end` on, in 64-bit mode when
 * `wide`. Never throws; `at` may be anything below `end`.
 */
export function decodeInstruction(buffer: Uint8Array, at: number, end: number, wide: boolean): number {
  const limit = at + LONGEST < end ? at + LONGEST : end;
  const whenShort = limit === end ? CODE.cutOff : CODE.undefined;
  let position = at;
  let rex = 0;
  let is16 = false;
  let otherAddress = false;
  let isLocked = false;
  let mandatory: number = MANDATORY.none;
  let octet = 0;
  for (; ; position++) {
    if (position >= limit) return whenShort;
    octet = buffer[position] as number;
    if (wide && (octet & 0xf0) === 0x40) {
      rex = octet;
      continue;
    }
    if (((ONE_OCTET[octet] as number) & SHAPE.prefix) === 0) break;
    rex = 0;
    if (octet === 0x66) is16 = true;
    else if (octet === 0x67) otherAddress = true;
    else if (octet === LOCK) isLocked = true;
    else if (octet >= 0xf2) mandatory = octet === 0xf3 ? MANDATORY.xf3 : MANDATORY.xf2;
  }
  if (mandatory === MANDATORY.none && is16) mandatory = MANDATORY.x66;

  let map: number = MAP.one;
  let shape = ONE_OCTET[octet] as number;
  if (octet === 0x0f) {
    if (++position >= limit) return whenShort;
    octet = buffer[position] as number;
    map = MAP.two;
    shape = TWO_OCTETS[octet] as number;
    if (octet === 0x38 || octet === 0x3a) {
      map = octet === 0x38 ? MAP.map38 : MAP.map3a;
      if (++position >= limit) return whenShort;
      octet = buffer[position] as number;
      shape = (map === MAP.map38 ? MAP_0F38 : MAP_0F3A)[octet] as number;
    }
  }
  const opcodeAt = position++;
  if ((shape & SHAPE.undefined) !== 0 || (wide && (shape & SHAPE.undefinedWide) !== 0)) return CODE.undefined;
  if (((shape >> (SHAPE.prefixesAt + mandatory)) & 1) === 0) return CODE.undefined;

  let modRm = -1;
  if ((shape & SHAPE.modRm) !== 0) {
    if (position >= limit) return whenShort;
    modRm = buffer[position++] as number;
    if ((shape & (SHAPE.special | SHAPE.memoryOnly | SHAPE.registerOnly)) !== 0) {
      if ((shape & (modRm >= 0xc0 ? SHAPE.memoryOnly : SHAPE.registerOnly)) !== 0) return CODE.undefined;
      if ((shape & SHAPE.special) !== 0) shape = judgeOpcode(shape, map, octet, modRm, mandatory);
      if ((shape & SHAPE.undefined) !== 0) return CODE.undefined;
    }
    // Control registers have no memory operand, whatever ModRM says.
    if (modRm < 0xc0 && !(map === MAP.two && octet >= 0x20 && octet <= 0x23)) {
      position = behindOperand(buffer, position, limit, modRm, otherAddress && !wide);
      if (position < 0) return whenShort;
    }
  }
  if (isLocked && !mayBeLocked(map, octet, modRm)) return CODE.undefined;

  const immediate = immediateLength((shape >> SHAPE.immediateAt) & 7, wide, is16, otherAddress, (rex & 8) !== 0);
  const flow = (shape >> SHAPE.flowAt) & 7;
  // Intel: near branches take no 66h in 64-bit mode.
  const isNearBranch = flow !== FLOW.on && flow !== FLOW.leaves;
  const tail = isNearBranch && wide && immediate === 2 ? 4 : immediate;
  position += tail;
  if (position > limit) return whenShort;
  return (
    (position - at) |
    (flags(shape, modRm, map) | ((opcodeAt - at) << CODE.opcodeAt) | (flow << CODE.flowAt)) |
    (isNearBranch ? tail << CODE.displacementAt : 0)
  );
}

/** Index behind SIB and displacement; -1 when the octets end before. */
function behindOperand(buffer: Uint8Array, at: number, limit: number, modRm: number, is16: boolean): number {
  const mod = modRm >> 6;
  const rm = modRm & 7;
  let position = at;
  let displacement = mod === 1 ? 1 : mod === 2 ? 4 : rm === 5 ? 4 : 0;
  if (is16) displacement = mod === 1 ? 1 : mod === 2 || rm === 6 ? 2 : 0;
  else if (rm === 4) {
    if (position >= limit) return -1;
    if (((buffer[position++] as number) & 7) === 5 && mod === 0) displacement = 4;
  }
  position += displacement;
  return position > limit ? -1 : position;
}

function immediateLength(kind: number, wide: boolean, is16: boolean, otherAddress: boolean, rexW: boolean): number {
  switch (kind) {
    case IMMEDIATE.full:
      return is16 && !rexW ? 2 : 4;
    case IMMEDIATE.wide:
      return rexW ? 8 : is16 ? 2 : 4;
    case IMMEDIATE.address:
      return wide ? (otherAddress ? 4 : 8) : otherAddress ? 2 : 4;
    case IMMEDIATE.far:
      return is16 ? 4 : 6;
    default:
      return FIXED_IMMEDIATE[kind] as number;
  }
}

function flags(shape: number, modRm: number, map: number): number {
  return (
    ((shape & SHAPE.privileged) !== 0 ? CODE.privileged : 0) |
    ((shape & SHAPE.debugTrap) !== 0 ? CODE.debugTrap : 0) |
    ((shape & SHAPE.idle) !== 0 ? CODE.idle : 0) |
    (modRm >= 0 && modRm < 0xc0 ? CODE.memory : 0) |
    (map === MAP.one ? CODE.oneOctet : 0)
  );
}

/** SDM volume 2, LOCK: read-modify-write instructions whose destination is memory. */
function mayBeLocked(map: number, opcode: number, modRm: number): boolean {
  if (modRm < 0 || modRm >= 0xc0) return false;
  const reg = (modRm >> 3) & 7;
  if (map === MAP.one) {
    if (opcode < 0x38) return (opcode & 6) === 0;
    if (opcode >= 0x80 && opcode <= 0x83) return reg !== 7;
    if (opcode === 0xf6 || opcode === 0xf7) return reg === 2 || reg === 3;
    return opcode === 0x86 || opcode === 0x87 || (opcode >= 0xfe && reg < 2);
  }
  if (map !== MAP.two) return false;
  if (opcode === 0xba) return reg > 4;
  if (opcode === 0xc7) return reg === 1;
  return [0xab, 0xb3, 0xbb, 0xb0, 0xb1, 0xc0, 0xc1].includes(opcode);
}
