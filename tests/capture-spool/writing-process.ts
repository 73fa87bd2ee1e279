/** A process that writes packets to a ring until somebody kills it. Arguments: the folder, octets of a file, files. */
import { BlockCutter } from '../../capture/spool/block-cutter.js';
import { RingWriter } from '../../capture/spool/ring-writer.js';
import { packetBlock, packets, pcapngHeaders, ringOptions } from './made-capture.js';

const [folder = '', fileBytes = '0', files = '0'] = process.argv.slice(2);
const ring = new RingWriter(
  ringOptions(folder, { ring: { fileBytes: Number(fileBytes), files: Number(files), fileSeconds: 0 } }),
);
const cutter = new BlockCutter(ring);
cutter.push(pcapngHeaders());
ring.flush();
const block = packetBlock(packets(1, 1400)[0]!);
function write(): void {
  for (let i = 0; i < 50; i++) cutter.push(block);
  ring.flush();
  setImmediate(write);
}
write();
process.stdout.write('writing\n');
