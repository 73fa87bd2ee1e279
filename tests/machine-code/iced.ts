/** iced-x86's opinion of an instruction, in the words of our own decoder. */
import { Code, Decoder, DecoderOptions, EncodingKind, Instruction, Mnemonic } from 'iced-x86';
import { CODE, decodeInstruction } from '../../engine/machine-code/length-decoder.js';

export interface Opinion {
  /** 0 when there is no such instruction. */
  readonly length: number;
  readonly privileged: boolean;
}

/** An instruction on which the two disagree. */
export interface Disagreement {
  /** `32:` or `64:` and 15 octets. */
  readonly octets: string;
  readonly ours: Opinion;
  readonly theirs: Opinion;
  /** What iced-x86 calls it. */
  readonly mnemonic: string;
  readonly encoding: string;
}

/** Octets kept free behind each instruction, so that none is cut off. */
export const SLOT = 16;

/** Decodes the instruction at the beginning of every slot of `content` both ways. */
export function disagreements(content: Uint8Array, wide: boolean): readonly Disagreement[] {
  const decoder = new Decoder(wide ? 64 : 32, content, DecoderOptions.None);
  const instruction = new Instruction();
  const found: Disagreement[] = [];
  for (let at = 0; at + SLOT <= content.length; at += SLOT) {
    decoder.position = at;
    decoder.decodeOut(instruction);
    const isDefined = instruction.code !== Code.INVALID;
    const theirs = { length: isDefined ? instruction.length : 0, privileged: isDefined && instruction.isPrivileged };
    const code = decodeInstruction(content, at, content.length, wide);
    const ours = { length: code & CODE.lengthMask, privileged: (code & CODE.privileged) !== 0 };
    if (ours.length === theirs.length && ours.privileged === theirs.privileged) continue;
    found.push({
      octets: `${wide ? 64 : 32}:${Buffer.from(content.subarray(at, at + 15)).toString('hex')}`,
      ours,
      theirs,
      mnemonic: Mnemonic[instruction.mnemonic] ?? '',
      encoding: EncodingKind[instruction.encoding] ?? '',
    });
  }
  instruction.free();
  decoder.free();
  return found;
}
