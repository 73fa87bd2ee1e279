/**
 * Severity of a finding, worst first. The order of the table is the order of
 * every list, legend and comparison; `SEVERITY_RANK` turns it into a number.
 */
export const SEVERITIES = ['critical', 'high', 'medium', 'low', 'info'] as const;
export type Severity = (typeof SEVERITIES)[number];

/** Higher is worse: info 1 ... critical 5. */
export const SEVERITY_RANK: Readonly<Record<Severity, number>> = {
  critical: 5,
  high: 4,
  medium: 3,
  low: 2,
  info: 1,
};

/** How many findings of each severity; every key is always present. */
export type SeverityCounts = Readonly<Record<Severity, number>>;
