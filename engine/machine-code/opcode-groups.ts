/**
 * Opcodes about which the opcode octet alone does not decide: groups whose
 * meaning stands in ModRM's middle bits, the x87 escapes, and the few that
 * depend on prefix and operand together (SDM volume 2, tables ). In:
 * the opcode and its ModRM octet; out: whether it is defined, and what else
 * holds. Hypervisor, enclave and supervisor forms of 0F 01 and 0F AE count as
 * undefined: nothing that arrives in a mail command can use them.
 */
import { FLOW, IMMEDIATE, SHAPE } from './opcode-tables.js';

/** Which map an opcode is in: of one octet, behind 0F, behind 0F 38, behind 0F 3A. */
export const MAP = { one: 0, two: 1, map38: 2, map3a: 3 } as const;
/** Mandatory prefix, as it stands in the prefix field of a shape. */
export const MANDATORY = { none: 0, x66: 1, xf3: 2, xf2: 3 } as const;

const UNDEFINED = SHAPE.undefined;
const OCTET_IMMEDIATE = IMMEDIATE.octet << SHAPE.immediateAt;
const FULL_IMMEDIATE = IMMEDIATE.full << SHAPE.immediateAt;
const CALLS_AWAY = FLOW.leaves << SHAPE.flowAt;

/** ModRM's middle bits that are defined, one bit each. */
const only = (...defined: readonly number[]): number => defined.reduce((bits, reg) => bits | (1 << reg), 0);
const X87_MEMORY = [
  0xff, // D8
  0xff ^ only(1),
  0xff,
  0xff ^ only(4, 6),
  0xff,
  0xff ^ only(5),
  0xff,
  0xff,
];
/** For D8 to DF: the register forms C0 to FF that are undefined, one string an opcode. */
const X87_UNDEFINED_REGISTER = [
  '',
  'D1-D7 E2-E3 E6-E7 EF-EF',
  'E0-E8 EA-FF',
  'E5-E7 F8-FF',
  '',
  'F0-FF',
  'D8-D8 DA-DF',
  'E1-E7 F8-FF',
].map(registerForms);

function registerForms(ranges: string): Uint8Array {
  const marked = new Uint8Array(256);
  for (const range of ranges.split(' ').filter((text) => text !== '')) {
    const [first = 0, last = 0] = range.split('-').map((text) => Number.parseInt(text, 16));
    marked.fill(1, first, last + 1);
  }
  return marked;
}

/** The shape of an opcode marked `G`, with what its ModRM octet adds; undefined when there is no such instruction. */
export function judgeOpcode(shape: number, map: number, opcode: number, modRm: number, mandatory: number): number {
  if (map === MAP.one) return judgeOneOctet(shape, opcode, modRm);
  return map === MAP.two ? judgeTwoOctets(shape, opcode, modRm, mandatory) : judge38(shape, opcode, modRm, mandatory);
}

function judgeOneOctet(shape: number, opcode: number, modRm: number): number {
  const reg = (modRm >> 3) & 7;
  if (opcode >= 0xd8 && opcode <= 0xdf) return isX87(opcode, modRm) ? shape : UNDEFINED;
  switch (opcode) {
    case 0x8c:
      return reg > 5 ? UNDEFINED : shape;
    case 0x8e:
      return reg > 5 || reg === 1 ? UNDEFINED : shape;
    case 0x8f:
      return reg === 0 ? shape : UNDEFINED;
    case 0xc6:
    case 0xc7: // F8: XABORT and XBEGIN, whose immediates are as long.
      return reg === 0 || modRm === 0xf8 ? shape : UNDEFINED;
    case 0xf6:
      return reg < 2 ? shape | OCTET_IMMEDIATE : shape;
    case 0xf7:
      return reg < 2 ? shape | FULL_IMMEDIATE : shape;
    case 0xfe:
      return reg < 2 ? shape : UNDEFINED;
    default:
      return judgeFf(shape, modRm, reg);
  }
}

function isX87(opcode: number, modRm: number): boolean {
  const escape = opcode - 0xd8;
  if (modRm < 0xc0) return (((X87_MEMORY[escape] as number) >> ((modRm >> 3) & 7)) & 1) === 1;
  return (X87_UNDEFINED_REGISTER[escape] as Uint8Array)[modRm] === 0;
}

/** FF: INC, DEC, near and far CALL and JMP through an operand, PUSH. */
function judgeFf(shape: number, modRm: number, reg: number): number {
  if (reg < 2 || reg === 6) return shape;
  const isFar = reg === 3 || reg === 5;
  return reg === 7 || (isFar && modRm >= 0xc0) ? UNDEFINED : shape | CALLS_AWAY;
}

function judgeTwoOctets(shape: number, opcode: number, modRm: number, mandatory: number): number {
  const reg = (modRm >> 3) & 7;
  const isRegister = modRm >= 0xc0;
  switch (opcode) {
    case 0x00:
      return reg > 5 ? UNDEFINED : reg === 2 || reg === 3 ? shape | SHAPE.privileged : shape;
    case 0x01:
      return judge0f01(shape, modRm, reg, mandatory);
    case 0x12:
    case 0x16: // MOVLPD, MOVHPD from memory only; F2 0F 16 is none.
      if (mandatory === MANDATORY.x66 && isRegister) return UNDEFINED;
      return opcode === 0x16 && mandatory === MANDATORY.xf2 ? UNDEFINED : shape;
    case 0x20:
    case 0x22:
      return only(0, 2, 3, 4) & (1 << reg) ? shape : UNDEFINED;
    case 0x71:
    case 0x72:
      return only(2, 4, 6) & (1 << reg) ? shape : UNDEFINED;
    case 0x73:
      return only(2, 6, ...(mandatory === MANDATORY.x66 ? [3, 7] : [])) & (1 << reg) ? shape : UNDEFINED;
    case 0xae:
      return judge0fAe(shape, reg, isRegister, mandatory);
    case 0xba:
      return reg < 4 ? UNDEFINED : shape;
    case 0xc7:
      return judge0fC7(shape, reg, isRegister, mandatory);
    case 0xd6: // MOVQ with 66, between MMX and SSE registers with F3 and F2.
      return mandatory === MANDATORY.none || (mandatory !== MANDATORY.x66 && !isRegister) ? UNDEFINED : shape;
    default:
      return shape;
  }
}

/** Descriptor tables and machine status; of the register forms XGETBV, XEND, XTEST, RDTSCP and SMSW. */
function judge0f01(shape: number, modRm: number, reg: number, mandatory: number): number {
  if (modRm < 0xc0) {
    if (reg === 5) return UNDEFINED;
    return reg < 2 || reg === 4 ? shape : shape | SHAPE.privileged;
  }
  if (reg === 4) return shape;
  if (reg === 6) return shape | SHAPE.privileged;
  if (modRm === 0xf9) return shape;
  return mandatory === MANDATORY.none && (modRm === 0xd0 || modRm === 0xd5 || modRm === 0xd6) ? shape : UNDEFINED;
}

/** FXSAVE to CLFLUSH in memory, the fences as registers; with 66 CLWB and CLFLUSHOPT. */
function judge0fAe(shape: number, reg: number, isRegister: boolean, mandatory: number): number {
  if (mandatory === MANDATORY.none) return isRegister && reg < 5 ? UNDEFINED : shape;
  return mandatory === MANDATORY.x66 && !isRegister && reg >= 6 ? shape : UNDEFINED;
}

/** CMPXCHG8B, XRSTORS to XSAVES and a hypervisor's pointers in memory; RDRAND and RDSEED as registers. */
function judge0fC7(shape: number, reg: number, isRegister: boolean, mandatory: number): number {
  if (isRegister) return reg >= 6 && mandatory < MANDATORY.xf3 ? shape : UNDEFINED;
  if (reg === 1) return shape;
  // VMPTRLD, VMCLEAR, VMXON; VMPTRST.
  if (reg === 6 && mandatory !== MANDATORY.xf2) return shape | SHAPE.privileged;
  if (reg === 7 && mandatory === MANDATORY.none) return shape | SHAPE.privileged;
  if (reg >= 3 && reg <= 5 && mandatory === MANDATORY.none) return reg === 4 ? shape : shape | SHAPE.privileged;
  return UNDEFINED;
}

/** MOVBE, CRC32, ADCX, ADOX, WRSS, MOVDIR64B. */
function judge38(shape: number, opcode: number, modRm: number, mandatory: number): number {
  const isRegister = modRm >= 0xc0;
  if (opcode === 0xf6) return mandatory === MANDATORY.xf2 || (mandatory === 0 && isRegister) ? UNDEFINED : shape;
  if (opcode === 0xf8) return mandatory === MANDATORY.x66 ? shape : UNDEFINED;
  if (mandatory === MANDATORY.xf3) return UNDEFINED;
  return mandatory !== MANDATORY.xf2 && isRegister ? UNDEFINED : shape;
}
