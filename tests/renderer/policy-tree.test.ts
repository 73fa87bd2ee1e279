import { describe, expect, it } from 'vitest';
import { familiesOf, rowsOf, treeMove } from '../../renderer/policy/tree-rows.js';
import { FAKE_CATALOGUE } from './fake-policy.js';

const idsFor = (search: string): readonly string[] =>
  familiesOf(FAKE_CATALOGUE, search).flatMap((family) => family.protections.map(({ id }) => id));
const rows = rowsOf(familiesOf(FAKE_CATALOGUE, ''), new Set(['pop3']));

describe('the tree of protections', () => {
  it('has families in the order of the product, closed ones without their protections', () => {
    expect(rows.map(({ key }) => key)).toEqual([
      'family smtp',
      'smtp-max-recipients',
      'smtp-unknown-command',
      'family pop3',
      'family perimeter',
      'perimeter-smtp-denied',
    ]);
  });

  it('puts a family that nobody knows behind the others', () => {
    const odd = { ...FAKE_CATALOGUE[0]!, id: 'x', family: 'carrier-pigeon' };
    expect(familiesOf([odd, ...FAKE_CATALOGUE], '').map(({ title }) => title)).toEqual([
      'SMTP',
      'POP3',
      'Perimeter',
      'Carrier pigeon',
    ]);
  });

  it.each([
    ['unknown', ['smtp-unknown-command']],
    ['SMTP-MAX', ['smtp-max-recipients']],
    ['cve-2007', ['perimeter-smtp-denied']],
    ['sbp-2010-06 weak', ['pop3-weak-password']],
    ['packet_filter', ['perimeter-smtp-denied']],
    ['pop3 recipients', []],
  ])('finds %j by title, id, attack, document and reference', (search, ids) => {
    expect(idsFor(search)).toEqual(ids);
  });

  it.each([
    ['smtp-max-recipients', 'ArrowDown', { kind: 'go', key: 'smtp-unknown-command' }],
    ['smtp-max-recipients', 'ArrowUp', { kind: 'go', key: 'family smtp' }],
    ['smtp-max-recipients', 'ArrowLeft', { kind: 'go', key: 'family smtp' }],
    ['smtp-max-recipients', 'ArrowRight', null],
    ['smtp-max-recipients', 'End', { kind: 'go', key: 'perimeter-smtp-denied' }],
    ['perimeter-smtp-denied', 'ArrowDown', { kind: 'go', key: 'perimeter-smtp-denied' }],
    ['perimeter-smtp-denied', 'Home', { kind: 'go', key: 'family smtp' }],
    ['family smtp', 'ArrowRight', { kind: 'go', key: 'smtp-max-recipients' }],
    ['family smtp', 'ArrowLeft', { kind: 'fold', family: 'smtp' }],
    ['family pop3', 'ArrowRight', { kind: 'fold', family: 'pop3' }],
    ['family pop3', 'ArrowLeft', null],
    ['family smtp', 'x', null],
  ])('at %s, %s does what a tree does', (key, pressed, move) => {
    expect(treeMove(rows, key, pressed)).toEqual(move);
  });
});
