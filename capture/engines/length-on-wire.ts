/**
 * How long a frame was that `cap` cut at its snap length: cap does not say, but
 * the IP header does. Without it the missing octets would not be told as
 * missing. Frames that long are on loopback, or put together by the card.
 */
const LINKTYPE_ETHERNET = 1;
const LINKTYPE_RAW = 101;
const LINKTYPE_LINUX_SLL = 113;
const IPV6_HEADER_BYTES = 40;

/** At least `capturedLength`. `packet` is borrowed. */
export function lengthOnWire(packet: Buffer, capturedLength: number, linkType: number): number {
  const at = networkOffset(packet, linkType);
  if (at < 0 || at + IPV6_HEADER_BYTES > capturedLength) return capturedLength;
  return Math.max(capturedLength, at + datagramLength(packet, at));
}

function datagramLength(packet: Buffer, at: number): number {
  const version = packet.readUInt8(at) >> 4;
  if (version === 4) return packet.readUInt16BE(at + 2);
  return version === 6 ? IPV6_HEADER_BYTES + packet.readUInt16BE(at + 4) : 0;
}

/** Where the network header begins; -1 when unknown. */
function networkOffset(packet: Buffer, linkType: number): number {
  switch (linkType) {
    case LINKTYPE_ETHERNET:
      return afterTags(packet, 12);
    case LINKTYPE_LINUX_SLL:
      return afterTags(packet, 14);
    case LINKTYPE_RAW:
      return 0;
    default:
      return -1;
  }
}

/** Skips 802.1Q and 802.1ad tags from the EtherType at `at`. */
function afterTags(packet: Buffer, at: number): number {
  let typeAt = at;
  for (let tags = 0; tags < 4; tags++) {
    const type = packet.readUInt16BE(typeAt);
    if (type !== 0x8100 && type !== 0x88a8) return typeAt + 2;
    typeAt += 4;
  }
  return -1;
}
