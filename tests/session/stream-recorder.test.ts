/** The hex view: octets of a window, masked secrets, missing octets. */
import { describe, expect, it } from 'vitest';
import { TO_CLIENT, TO_SERVER } from '../../engine/protocols/events.js';
import { StreamRecorder } from '../../engine/session/stream-recorder.js';
import { octetsOf, WireTalk } from './wire-talk.js';

describe('a stream recorder', () => {
  it('gives the window of its direction, secrets masked and gaps as missing', () => {
    const recorder = new StreamRecorder(TO_SERVER, 3, 10);
    const talk = new WireTalk(recorder);
    recorder.data(TO_SERVER, octetsOf('PASS pw\r\n'), 0, 9, 0);
    recorder.data(TO_CLIENT, octetsOf('+OK welcome\r\n'), 0, 13, 0);
    talk.client('PASS pw', { secret: 'pw' });
    talk.gap(TO_SERVER, 2);
    recorder.data(TO_SERVER, octetsOf('xxQUIT'), 2, 6, 11);
    const page = { direction: 'to_server', offset: 3, streamLength: 15 };
    expect(recorder.page(false)).toEqual({ ...page, octets: [0x53, 0x20, -2, -2, 0x0d, 0x0a, -1, -1, 0x51, 0x55] });
    expect(recorder.page(true)).toEqual({ ...page, octets: [0x53, 0x20, 0x70, 0x77, 0x0d, 0x0a, -1, -1, 0x51, 0x55] });
  });

  it('masks a secret literal in every piece, and what is not held of a long secret', () => {
    const recorder = new StreamRecorder(TO_SERVER, 0, 100);
    recorder.data(TO_SERVER, octetsOf('abcdefgh'), 0, 8, 0);
    const talk = new WireTalk(recorder).blob(TO_SERVER, 'literal', ['ab', 'c'], 'password');
    talk.client('de', { secret: 'e', omittedBytes: 2, terminator: 'none' });
    expect(recorder.page(false).octets).toEqual([-2, -2, -2, 0x64, -2, -2, -2, 0x68]);
  });

  it('gives nothing beyond the end of the stream', () => {
    const recorder = new StreamRecorder(TO_CLIENT, 50, 10);
    recorder.data(TO_CLIENT, octetsOf('short'), 0, 5, 0);
    expect(recorder.page(false)).toEqual({ direction: 'to_client', offset: 50, octets: [], streamLength: 5 });
  });
});
