import { Counter, Gauge, type Registry } from 'prom-client'

/**
 * Counts what the content filters do by their thresholds, and what is kept of it. Labels are groups of the configuration and
 * words of closed lists.
 */
export function createTuningMetrics(registers: Registry[]) {
  const decisions = new Counter({
    name: 'sallyport_tuning_decisions_total',
    help: 'Decisions of content filters by group, direction and what became of the text: withheld, changed, or passed, near a threshold or not.',
    labelNames: ['group', 'direction', 'stratum'] as const,
    registers,
  })
  const compared = new Counter({
    name: 'sallyport_tuning_compared_total',
    help: 'Decisions that two thresholds of a rollout were held beside, by its stage, by which of them decided, and by which acts.',
    labelNames: ['stage', 'arm', 'acts'] as const,
    registers,
  })
  const recorded = new Counter({
    name: 'sallyport_tuning_recorded_total',
    help: 'Decisions of content filters that were kept.',
    registers,
  })
  const dropped = new Counter({
    name: 'sallyport_tuning_dropped_total',
    help: 'Decisions that should have been kept and were not, and texts of them, by why.',
    labelNames: ['what', 'why'] as const,
    registers,
  })
  const revision = new Gauge({
    name: 'sallyport_tuning_revision',
    help: 'Revision of the tuned thresholds by which this process decides; 0 where none was tuned.',
    registers,
  })
  const ignored = new Gauge({
    name: 'sallyport_tuning_ignored',
    help: 'Tuned thresholds and rollouts that the configuration does not allow, in whose place its own hold.',
    registers,
  })
  const stale = new Gauge({
    name: 'sallyport_tuning_stale',
    help: '1 while tuned thresholds cannot be read, so that the last ones that were read hold.',
    registers,
  })
  for (const why of ['full', 'storage']) dropped.inc({ what: 'decision', why }, 0)
  for (const why of ['full', 'unmasked', 'no-conversation']) dropped.inc({ what: 'text', why }, 0)
  return {
    decided: (of: { readonly group: string; readonly direction: string; readonly stratum: string }): void => {
      decisions.inc({ group: of.group, direction: of.direction, stratum: of.stratum })
    },
    compared: ({ stage, arm }: { readonly stage: string; readonly arm: string }, acts: string): void => {
      compared.inc({ stage, arm, acts })
    },
    recorded: (count: number): void => recorded.inc(count),
    dropped: (what: string, why: string, count: number): void => dropped.inc({ what, why }, count),
    state: (now: number, notFollowed: number): void => {
      revision.set(now)
      ignored.set(notFollowed)
    },
    stale: (isStale: boolean): void => stale.set(Number(isStale)),
  }
}
