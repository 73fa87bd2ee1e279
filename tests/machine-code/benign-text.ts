/**
 * Arguments of mail commands as people and programs write them, made by
 * chance: addresses in many scripts and in the character sets from before
 * UTF-8, list and relay addresses, base64, padding.
 */
import type { Chance } from './chance.js';

export interface Benign {
  readonly what: string;
  readonly content: Uint8Array;
}

/** Letters by script: first and last code point of the stretches that names are written in. */
const SCRIPTS: Readonly<Record<string, readonly (readonly [number, number])[]>> = {
  Cyrillic: [
    [0x410, 0x44f],
    [0x430, 0x44f],
  ],
  Greek: [
    [0x391, 0x3a1],
    [0x3b1, 0x3c9],
  ],
  Arabic: [
    [0x627, 0x63a],
    [0x641, 0x64a],
  ],
  Hebrew: [[0x5d0, 0x5ea]],
  Chinese: [[0x4e00, 0x9fa5]],
  Japanese: [
    [0x3041, 0x3093],
    [0x30a1, 0x30f6],
  ],
  Korean: [[0xac00, 0xd7a3]],
  Thai: [
    [0xe01, 0xe2e],
    [0xe40, 0xe45],
  ],
  Devanagari: [
    [0x905, 0x939],
    [0x93e, 0x94c],
  ],
  Latin: [
    [0xc0, 0xff],
    [0x100, 0x17f],
    [0x61, 0x7a],
  ],
  emoji: [
    [0x1f300, 0x1f5ff],
    [0x1f600, 0x1f64f],
  ],
};

/** Character sets of one octet a letter, and their letters' octets. */
const OLD_SETS: Readonly<Record<string, readonly (readonly [number, number])[]>> = {
  'ISO 8859-1': [
    [0xc0, 0xff],
    [0x61, 0x7a],
    [0x61, 0x7a],
  ],
  'ISO 8859-5': [
    [0xb0, 0xcf],
    [0xd0, 0xef],
    [0xd0, 0xef],
  ],
  'ISO 8859-6': [
    [0xc1, 0xda],
    [0xe1, 0xea],
  ],
  'ISO 8859-7': [
    [0xc1, 0xd1],
    [0xe1, 0xf9],
    [0xe1, 0xf9],
  ],
  'ISO 8859-8': [[0xe0, 0xfa]],
  'TIS-620': [
    [0xa1, 0xce],
    [0xd0, 0xd9],
    [0xe0, 0xe4],
  ],
  'windows-1251': [
    [0xc0, 0xdf],
    [0xe0, 0xff],
    [0xe0, 0xff],
  ],
  'KOI8-R': [
    [0xc0, 0xdf],
    [0xc0, 0xdf],
    [0xe0, 0xff],
  ],
  'code page 437': [
    [0x80, 0xa5],
    [0x61, 0x7a],
    [0x61, 0x7a],
  ],
  'code page 866': [
    [0x80, 0x9f],
    [0xa0, 0xaf],
    [0xe0, 0xef],
  ],
};

/** Character sets of two octets a letter: stretches of the first, and of the second. */
const DOUBLE_SETS: Readonly<Record<string, readonly [readonly [number, number], readonly [number, number]]>> = {
  GB2312: [
    [0xb0, 0xd7],
    [0xa1, 0xfe],
  ],
  GBK: [
    [0x81, 0xfe],
    [0x80, 0xfe],
  ],
  Big5: [
    [0xa4, 0xc6],
    [0xa1, 0xfe],
  ],
  'Shift JIS': [
    [0x88, 0x9f],
    [0x80, 0xfc],
  ],
  'EUC-KR': [
    [0xb0, 0xc8],
    [0xa1, 0xfe],
  ],
};

function word(chance: Chance, script: string): string {
  const stretches = SCRIPTS[script] ?? [];
  return Array.from({ length: chance.between(2, 12) }, () => {
    const [first, last] = chance.of(stretches);
    return String.fromCodePoint(chance.between(first, last));
  }).join('');
}

const words = (chance: Chance, script: string, count: number): string =>
  Array.from({ length: count }, () => word(chance, script)).join(chance.of(['.', '-', '_', '']));

/** An address, or a host name of many labels, in one script. */
export function internationalAddress(chance: Chance): Benign {
  const script = chance.of(Object.keys(SCRIPTS));
  const text = `FROM:<${words(chance, script, chance.between(1, 20))}@${words(chance, script, chance.between(1, 6))}.example>`;
  return { what: script, content: Uint8Array.from(Buffer.from(chance.one(3) ? `${text} SMTPUTF8` : text)) };
}

/** The same letter many times, as people who test do. */
export function repeatedLetter(chance: Chance): Benign {
  const script = chance.of(Object.keys(SCRIPTS));
  const [first, last] = chance.of(SCRIPTS[script] ?? []);
  const letters = Array.from({ length: chance.between(1, 3) }, () => String.fromCodePoint(chance.between(first, last)));
  return {
    what: `${script}, repeated`,
    content: Uint8Array.from(Buffer.from(letters.join('').repeat(chance.between(8, 120)))),
  };
}

/** A name in a character set of one octet a letter. */
export function oldName(chance: Chance): Benign {
  const set = chance.of(Object.keys(OLD_SETS));
  const stretches = OLD_SETS[set] ?? [];
  const content = Uint8Array.from({ length: chance.between(24, 400) }, () => {
    if (chance.one(7)) return chance.of([0x20, 0x2e, 0x2d, 0x40, 0x31]);
    const [first, last] = chance.of(stretches);
    return chance.between(first, last);
  });
  return { what: set, content };
}

/** A name in a character set of two octets a letter. */
export function doubleOctetName(chance: Chance): Benign {
  const set = chance.of(Object.keys(DOUBLE_SETS));
  const [lead, trail] = DOUBLE_SETS[set] ?? [
    [0x41, 0x41],
    [0x41, 0x41],
  ];
  const content: number[] = [];
  for (let count = chance.between(12, 200); count > 0; count--) {
    if (chance.one(9)) content.push(chance.of([0x20, 0x2e, 0x2d, 0x40, 0x31]));
    else content.push(chance.between(lead[0], lead[1]), chance.between(trail[0], trail[1]));
  }
  return { what: set, content: Uint8Array.from(content) };
}

const BASE64 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';

/** VERP and SRS addresses, base64, padding: text of ASCII only. */
export function plainText(chance: Chance): Benign {
  const letters = (count: number): string => Array.from({ length: count }, () => chance.of([...BASE64])).join('');
  const text = chance.of([
    () =>
      `FROM:<SRS0=${letters(4)}=${letters(2)}=example.org=${letters(chance.between(5, 60))}@relay.example> SIZE=${chance.between(1, 1e7)}`,
    () => `FROM:<bounces+${chance.between(1, 1e7)}-${letters(4)}-user=${letters(20)}.example@lists.example>`,
    () => letters(chance.between(24, 2000)),
    () => chance.of(['A', 'x', '0', 'I', '.', '=']).repeat(chance.between(24, 3000)),
    () =>
      Array.from({ length: chance.between(24, 600) }, () => String.fromCharCode(chance.between(0x20, 0x7e))).join(''),
  ])();
  return { what: 'ASCII', content: Uint8Array.from(Buffer.from(text)) };
}
