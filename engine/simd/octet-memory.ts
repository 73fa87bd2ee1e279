/**
 * Memory in which octets are looked at sixteen at a time, and what looks at them
 * there: WebAssembly sees no other memory, and to copy a packet into it would
 * cost more than it saves, so captures are read straight into it. In: how many
 * octets. Out: the memory, and for a buffer in it the kernels. Where there is no
 * WebAssembly, or no room for it, everything works as well, only more slowly.
 */
import { Buffer } from 'node:buffer';
import { KERNEL_CODE, SHARED_KERNEL_CODE } from './kernel-code.js';

/** Functions over a stretch of the memory: two addresses, which is to say offsets from its beginning. See kernels.as. */
export interface OctetKernels {
  readonly sum: (start: number, end: number) => number;
  readonly toDot: (start: number, end: number) => number;
  readonly ordinaryLines: (start: number, end: number, other: number, longestBytes: number) => number;
  readonly countLineFeeds: (start: number, end: number) => number;
  readonly findLineFeed: (start: number, end: number) => number;
}

/** Goes to other threads as it is. */
export type SharedMemory = WebAssembly.Memory | SharedArrayBuffer;

/** What divides the two numbers that a kernel says at once. */
export const UPPER_NUMBER = 2 ** 26;

const PAGE_BYTES = 65_536;
/** A distance within it and one bit more stay below `UPPER_NUMBER`. */
const MAXIMUM_BYTES = 2 ** 24;
/** A smaller buffer lies elsewhere. */
const VIEWED_BYTES = 16_384;

const kernelsIn = new WeakMap<ArrayBufferLike, OctetKernels>();
let ownModule: WebAssembly.Module | null = null;
let sharedModule: WebAssembly.Module | null = null;
let viewed: Uint8Array | null = null;
let kernels: OctetKernels | null = null;

/** What looks at the octets of this buffer; null when it does not lie in such memory. Its octet `i` has the address `buffer.byteOffset + i`. */
export function kernelsOf(buffer: Uint8Array): OctetKernels | null {
  if (buffer === viewed) return kernels;
  return buffer.length < VIEWED_BYTES ? null : lookUp(buffer);
}

function lookUp(buffer: Uint8Array): OctetKernels | null {
  viewed = buffer;
  kernels = kernelsIn.get(buffer.buffer) ?? null;
  return kernels;
}

/**
 * New memory for this thread, zeros; null when there is none to be had. Some gigabytes of addresses are set
 * aside for each, so few are to be made, and used again.
 */
export function newOctetMemory(lengthBytes: number): Uint8Array<ArrayBuffer> | null {
  try {
    ownModule ??= moduleOf(KERNEL_CODE);
    const pages = pagesFor(lengthBytes);
    const memory = new WebAssembly.Memory({ initial: pages, maximum: pages });
    kernelsIn.set(memory.buffer, kernelsOver(ownModule, memory));
    return new Uint8Array(memory.buffer, 0, lengthBytes);
  } catch {
    return null;
  }
}

/** New memory for several threads, zeros; those that look at its octets ask `sharedOctets` for them. */
export function newSharedMemory(lengthBytes: number): SharedMemory {
  try {
    const pages = pagesFor(lengthBytes);
    return new WebAssembly.Memory({ initial: pages, maximum: pages, shared: true });
  } catch {
    return new SharedArrayBuffer(lengthBytes);
  }
}

/** The octets of memory that was made in this thread or in another. */
export function sharedOctets(memory: SharedMemory): Uint8Array {
  if (memory instanceof SharedArrayBuffer) return new Uint8Array(memory);
  try {
    sharedModule ??= moduleOf(SHARED_KERNEL_CODE);
    kernelsIn.set(memory.buffer, kernelsOver(sharedModule, memory));
  } catch {
    // Octets that only other threads look at, or all of them without kernels.
  }
  return new Uint8Array(memory.buffer);
}

function pagesFor(lengthBytes: number): number {
  if (lengthBytes > MAXIMUM_BYTES) throw new RangeError(`${lengthBytes} octets are too many for one memory`);
  return Math.ceil(lengthBytes / PAGE_BYTES);
}

function moduleOf(code: string): WebAssembly.Module {
  return new WebAssembly.Module(Buffer.from(code, 'base64'));
}

function kernelsOver(module: WebAssembly.Module, memory: WebAssembly.Memory): OctetKernels {
  const { exports } = new WebAssembly.Instance(module, { env: { memory } });
  const { sum, toDot, ordinaryLines, countLineFeeds, findLineFeed } = exports as unknown as OctetKernels;
  // An object of our own: the instance's is one whose properties are looked up by name at every call.
  return { sum, toDot, ordinaryLines, countLineFeeds, findLineFeed };
}
