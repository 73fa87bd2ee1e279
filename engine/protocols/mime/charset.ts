/**
 * Octets in a named character set to text, through the platform's TextDecoder.
 * Unknown names give null. Decoders are kept, at most 32 of them.
 */
type Decoder = InstanceType<typeof TextDecoder>;
const decoders = new Map<string, Decoder | null>();
const DECODERS_KEPT = 32;
const NAME_CHARACTERS = 40;

/** Names that mail uses and the Encoding Standard does not list. */
const ALIASES: Readonly<Record<string, string>> = {
  utf8mb4: 'utf-8',
  'cp-850': 'windows-1252',
  cp1252: 'windows-1252',
  'x-gbk': 'gbk',
  cp932: 'shift_jis',
  cp936: 'gbk',
  cp949: 'euc-kr',
  cp950: 'big5',
  ks_c_5601: 'euc-kr',
  'iso-8859-8-e': 'iso-8859-8',
};

/** Text of the octets, or null when nobody knows the character set. Ill-formed octets become U+FFFD. */
export function decodeCharset(name: string, octets: Uint8Array): string | null {
  if (name.length === 0 || name.length > NAME_CHARACTERS) return null;
  const decoder = decoderFor(name.toLowerCase());
  return decoder === null ? null : decoder.decode(octets);
}

function decoderFor(name: string): Decoder | null {
  const known = decoders.get(name);
  if (known !== undefined) return known;
  if (decoders.size >= DECODERS_KEPT) decoders.clear();
  const decoder = makeDecoder(ALIASES[name] ?? name);
  decoders.set(name, decoder);
  return decoder;
}

function makeDecoder(name: string): Decoder | null {
  try {
    return new TextDecoder(name);
  } catch {
    return null;
  }
}
