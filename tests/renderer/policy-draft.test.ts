import { describe, expect, it } from 'vitest';
import {
  cleanDocument,
  isSameDocument,
  linesOfText,
  withAction,
  withNetwork,
  withPerimeter,
  withProfile,
  withServers,
  withSetting,
  withoutEntry,
} from '../../renderer/policy/draft.js';
import { draftedProtections, isAllowedNumber, numberOfText } from '../../renderer/policy/effective.js';
import { originOf } from '../../renderer/policy/origin.js';
import { lineOfProblem, placeOf, readablePath } from '../../renderer/policy/problem-place.js';
import type { PolicyDocument, PolicyProblem } from '../../shared/policy.js';
import { fakeCheck, fakeDescription } from './fake-policy.js';

const MODERN: PolicyDocument = { schema: 1, profile: 'modern' };
const PROFILE = fakeDescription(MODERN);
const baseOf = (id: string) => PROFILE.protections.find((one) => one.id === id) ?? PROFILE.protections[0]!;
const RECIPIENTS = baseOf('smtp-max-recipients');
const UNKNOWN = baseOf('smtp-unknown-command');

describe('the draft of a policy', () => {
  it('holds differences from the profile, and none when they are taken back', () => {
    const off = withAction(MODERN, RECIPIENTS, 'off');
    const both = withSetting(off, RECIPIENTS, 'limit', 20);
    expect(both.protections).toEqual({ 'smtp-max-recipients': { action: 'off', settings: { limit: 20 } } });
    const back = withSetting(withAction(both, RECIPIENTS, 'detect'), RECIPIENTS, 'limit', 100);
    expect(cleanDocument(back)).toEqual(MODERN);
    expect(cleanDocument(withoutEntry(both, 'smtp-max-recipients'))).toEqual(MODERN);
  });

  it('keeps its own entries when the profile is another', () => {
    const draft = withProfile(withAction(MODERN, UNKNOWN, 'prevent'), 'strict');
    expect(draft).toEqual({
      schema: 1,
      profile: 'strict',
      protections: { 'smtp-unknown-command': { action: 'prevent' } },
    });
  });

  it('keeps what is typed, and gives away what is meant', () => {
    let draft = withSetting(MODERN, UNKNOWN, 'known_verbs', linesOfText('HELO\n\n  NOOP \n'));
    draft = withNetwork(draft, 'own', linesOfText('10.0.0.0/8\n'));
    draft = withServers(draft, 'smtp-unknown-command', linesOfText('\n'));
    draft = withPerimeter(draft, linesOfText('! mine\n\n permit ip any any\n\n'));
    draft = withSetting(draft, RECIPIENTS, 'limit', numberOfText('1o0'));
    expect(draft.networks).toEqual({ own: ['10.0.0.0/8', ''] });
    expect(cleanDocument(draft)).toEqual({
      ...MODERN,
      networks: { own: ['10.0.0.0/8'] },
      protections: {
        'smtp-unknown-command': { settings: { known_verbs: ['HELO', 'NOOP'] } },
        'smtp-max-recipients': { settings: { limit: '1o0' } },
      },
      perimeter: ['! mine', '', ' permit ip any any'],
    });
  });

  it('leaves out what was emptied, but not an empty list that a file holds on purpose', () => {
    expect(cleanDocument(withNetwork(withNetwork(MODERN, 'own', ['10.0.0.1']), 'own', ['']))).toEqual(MODERN);
    expect(cleanDocument(withPerimeter(MODERN, linesOfText('\n \n')))).toEqual(MODERN);
    const none: PolicyDocument = { ...MODERN, protections: { 'smtp-unknown-command': { servers: [] } } };
    expect(cleanDocument(none)).toEqual(none);
  });

  it('is the same in another order, and not the same in another order of its lines', () => {
    expect(isSameDocument({ profile: 'modern', schema: 1, networks: { own: [''] } }, MODERN)).toBe(true);
    expect(isSameDocument({ ...MODERN, perimeter: ['a', 'b'] }, { ...MODERN, perimeter: ['b', 'a'] })).toBe(false);
  });

  it('says what it amounts to at once, and what differs from the profile', () => {
    const draft = withSetting(withAction(MODERN, UNKNOWN, 'off'), RECIPIENTS, 'limit', 'x');
    const drafted = draftedProtections(PROFILE, draft);
    expect(
      [...drafted.values()].map(({ now, isChanged }) => [now.id, now.action, now.settings['limit'], isChanged]),
    ).toEqual([
      ['smtp-max-recipients', 'detect', 'x', true],
      ['smtp-unknown-command', 'off', undefined, true],
      ['pop3-weak-password', 'detect', undefined, false],
      ['perimeter-smtp-denied', 'detect', undefined, false],
    ]);
  });

  it('takes whole numbers within the range', () => {
    const declaration = {
      kind: 'number',
      name: 'limit',
      title: '',
      unit: '',
      default: 2,
      minimum: 1,
      maximum: 20,
      reason: '',
    } as const;
    const typed = ['1', ' 20 ', '21', '0', '-1', '1.5', '1e1', '', 'x', '9999999999999999999'];
    expect(typed.filter((text) => isAllowedNumber(declaration, numberOfText(text)))).toEqual(['1', ' 20 ']);
  });

  it('says where it comes from', () => {
    const changed = withAction(MODERN, UNKNOWN, 'off');
    const file = { document: changed, path: '/srv/policies/site.json' };
    expect([
      originOf(MODERN, null),
      originOf(changed, null),
      originOf(changed, file),
      originOf(withProfile(changed, 'strict'), file),
      originOf({ schema: 1, profile: 'checkpoint' }, file),
    ]).toEqual([
      'from the Modern profile',
      'from Modern, changed',
      'from site.json',
      'from site.json, changed',
      'from the Check Point profile',
    ]);
  });
});

describe('a problem of a policy', () => {
  it.each([
    ['protections.smtp-max-recipients.settings.limit', 'protections', 'smtp-max-recipients', null],
    [
      'protections.smtp-max-recipients.servers[1]',
      'protections',
      'smtp-max-recipients',
      'protections.smtp-max-recipients.servers',
    ],
    ['protections.smtp-max-recipients', 'protections', 'smtp-max-recipients', null],
    ['networks.ownDomains[0]', 'networks', null, 'networks.ownDomains'],
    ['perimeter[4]', 'perimeter', null, 'perimeter'],
  ] as const)('at %s leads to its field', (path, tab, protection, field) => {
    expect(placeOf(path)).toEqual({ tab, protection, field: field ?? path });
  });

  it.each(['', 'limits.flows', 'profile', 'perimeterx'])('at %j leads nowhere', (path) => {
    expect(placeOf(path)).toBeNull();
  });

  it('is about the line that was typed, blank ones included', () => {
    const lines = ['', '10.0.0.1', '', ' 10.0.0.300x '];
    const own = fakeCheck(cleanDocument(withNetwork(MODERN, 'own', lines))).problem as PolicyProblem;
    expect([own.path, lineOfProblem(own, lines)]).toEqual(['networks.own[1]', 4]);
    expect(lineOfProblem({ ...own, path: 'protections.a.settings.known_verbs' }, lines)).toBe(4);
    expect(lineOfProblem({ ...own, path: 'x', found: '"else"' }, lines)).toBe(0);
  });

  it('counts lines of the access list from 1', () => {
    expect(readablePath('perimeter[5]')).toBe('perimeter, line 6');
  });
});
