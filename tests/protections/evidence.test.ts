import { describe, expect, it } from 'vitest';
import { evidenceOf } from '../../engine/protections/evidence.js';
import { authStep, command, login } from './made-events.js';

describe('evidence', () => {
  it('is the whole line when it is short, escaped', () => {
    const event = command('HELO \x1b[2Jmail\x90', 1);
    expect(evidenceOf(event, event.start, event.end)).toBe('HELO \\x1B[2Jmail\\x90');
  });

  it('is a stretch of 128 octets around the mark when the line is long', () => {
    const event = command(`NOOP ${'a'.repeat(300)}X${'b'.repeat(300)}`, 1);
    const mark = event.start + 305;
    const evidence = evidenceOf(event, mark, mark + 1);
    expect(evidence).toBe(`…${'a'.repeat(63)}X${'b'.repeat(64)}…`);
    expect(evidenceOf(event, event.start, event.start + 4)).toBe(`NOOP ${'a'.repeat(123)}…`);
    expect(evidenceOf(event, event.end - 1, event.end)).toBe(`…${'b'.repeat(128)}`);
  });

  it('names a secret by kind and length instead of showing it', () => {
    const event = login('bob', 'hunter2', 1);
    expect(evidenceOf(event, event.start, event.end)).toBe('PASS [password, 7 bytes]');
    const step = authStep('QUJD'.repeat(350), 2);
    expect(evidenceOf(step, step.start, step.end)).toBe('[response, 1400 bytes]');
  });

  it('masks a secret that reaches into the stretch, and shows what lies around it', () => {
    const text = `LOGIN bob ${'s'.repeat(200)} tail`;
    const plain = command(text, 1, { secretLabel: 'password' });
    const event = { ...plain, secretStart: plain.start + 10, secretEnd: plain.start + 210 };
    expect(evidenceOf(event, event.end - 4, event.end)).toBe('…[password, 200 bytes] tail');
    expect(evidenceOf(event, event.start, event.start + 5)).toBe('LOGIN bob [password, 200 bytes]…');
  });

  it('hides a lone word of base64 that is no command, and shows a word that is only unknown', () => {
    const lone = command('Ym9iIGI5MTNhNjAy', 1, { verb: '' });
    expect(evidenceOf(lone, lone.start, lone.end)).toBe('[response, 16 bytes]');
    const word = command('WIZARDRY', 1, { verb: '' });
    expect(evidenceOf(word, word.start, word.end)).toBe('WIZARDRY');
  });
});
