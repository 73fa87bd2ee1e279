/**
 * What every EVE record begins with: when, which connection, which packet of
 * which capture. In: the outline of a session, and the moment. Out: octets at
 * the end of a record that has begun. The records of one session's end share all
 * but their type, and so all but the first are copied from the one before.
 */
import type { SessionOutline } from '../outline.js';
import { RECORD, typePieces, type EventType } from './eve-pieces.js';
import type { RecordOctets } from './record-octets.js';

export class EveHead {
  private types = typePieces('');
  /** In `octets`, of the last head: its beginning, where its packet's number ends, and its addresses. */
  private start = 0;
  private packetEnd = 0;
  private addresses = 0;
  private addressesEnd = 0;
  /** The last head, if one stands in `octets`, is of the end of the session that is outlined. */
  private isEnding = false;

  constructor(
    private readonly octets: RecordOctets,
    private readonly outline: SessionOutline,
  ) {}

  /** The capture of which all further records tell, as the user named it. */
  begin(path: string): void {
    this.types = typePieces(path);
  }

  /** Begins a record with the members that all have. */
  write(type: EventType, timeUs: number, packet: number): void {
    const { octets } = this;
    const { id, vlan, client, clientPort, server, serverPort } = this.outline;
    this.isEnding = false;
    this.start = octets.length;
    octets.fixed(RECORD.timestamp);
    octets.time(timeUs);
    octets.fixed(RECORD.flowId);
    octets.number(id);
    octets.fixed(RECORD.packet);
    octets.number(packet);
    this.packetEnd = octets.length;
    this.type(type);
    this.addresses = octets.length;
    if (vlan.length > 0) {
      octets.raw(vlan.join());
      octets.fixed(RECORD.source);
    }
    this.address(client);
    octets.fixed(RECORD.sourcePort);
    octets.number(clientPort);
    octets.fixed(RECORD.destination);
    this.address(server);
    octets.fixed(RECORD.destinationPort);
    octets.number(serverPort);
    this.addressesEnd = octets.length;
  }

  /** Begins a record of the session's end. */
  ending(type: EventType): void {
    const { octets, start, packetEnd, addresses, addressesEnd } = this;
    if (!this.isEnding || octets.length === 0) {
      this.write(type, this.outline.endUs, this.outline.lastPacket);
      this.isEnding = true;
      return;
    }
    octets.again(start, packetEnd);
    this.type(type);
    octets.again(addresses, addressesEnd);
  }

  private type(type: EventType): void {
    const { types, outline } = this;
    this.octets.fixed((outline.vlan.length > 0 ? types.tagged : types.plain).of(type));
  }

  private address(address: number | string): void {
    if (typeof address === 'number') this.octets.ipv4(address);
    else this.octets.raw(address);
  }
}
