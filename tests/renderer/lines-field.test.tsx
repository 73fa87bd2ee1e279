// @vitest-environment happy-dom
import { cleanup, render, screen } from '@testing-library/react';
import { afterEach, expect, it } from 'vitest';
import { LinesField } from '../../renderer/policy/lines-field.js';
import type { PolicyProblem } from '../../shared/policy.js';

afterEach(cleanup);

const PATH = 'protections.smtp-max-recipients.settings.exempt_src';
const PREFIXES = 'a list of addresses or prefixes such as "10.0.0.0/8"';

function saidOf(lines: readonly string[], found: string): string {
  const where = { path: PATH, line: 1, column: 1 };
  const problem: PolicyProblem = { code: 'policy-value', message: '', hint: '', found, allowed: PREFIXES, ...where };
  const field = {
    path: PATH,
    title: 'Clients',
    of: 'one a line',
    note: '',
    placeholder: '',
    onChange: () => undefined,
  };
  render(<LinesField {...field} lines={lines} problem={problem} />);
  return screen.getByText(/^Not applied/).textContent;
}

it('a wrong line is named with what a line may hold', () => {
  expect(saidOf(['10.0.0.1', '', 'mail'], '"mail"')).toBe(
    'Not applied: line 3 holds "mail", allowed: addresses or prefixes such as "10.0.0.0/8".',
  );
});

it('several entries on one line are told to go on a line each', () => {
  expect(saidOf(['10.0.0.1, 10.0.0.2'], '"10.0.0.1, 10.0.0.2"')).toBe(
    'Not applied: line 1 holds "10.0.0.1, 10.0.0.2", allowed: addresses or prefixes such as "10.0.0.0/8", one a line.',
  );
});

it('what lies on no line is quoted as it was found', () => {
  expect(saidOf(['10.0.0.1'], 'an object')).toBe(`Not applied: found an object, allowed: ${PREFIXES}.`);
});
