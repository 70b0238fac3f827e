import type { Outcome } from '../../../src/core/result.ts'
import { shuffled } from '../random.ts'
import type { Injection, TruthLane } from './truth-lane.ts'
import type { TruthProgram } from './truth-programs.ts'

/** Small limits, so that each is reached soon; patient, because several runs share a busy machine. */
export const truthSettings = {
  interrupt_ms: 8000,
  kill_ms: 4000,
  limits: {
    wall_ms: 60_000,
    wall_ceiling_ms: 60_000,
    memory_mb: 256,
    memory_reserve_mb: 256,
    processes: 48,
    open_files: 128,
    file_mb: 64,
    data_mb: 32,
    temporary_mb: 16,
    output_kb: 64,
  },
  pool: { minimum_ready: 1, maximum_ready: 2, maximum: 8, queue_ms: 120_000 },
}

/** `runs` of every outcome, its programs in turn, and of every other injection, all in random order. */
export function drawInjections(among: readonly TruthProgram[], runs: number, random: () => number): Injection[] {
  const times = Array.from({ length: runs }, (_, index) => index)
  const programs = outcomesOf(among).flatMap((outcome) => {
    const choice = among.filter((program) => program.outcome === outcome)
    return times.map((index): Injection => ({ kind: 'program', program: choice[index % choice.length]! }))
  })
  const after = (index: number) => (index % 5 === 0 ? 0 : Math.round(random() * 300))
  const cancels = times.map((index): Injection => ({ kind: 'cancel', after: after(index), queued: index % 3 === 0 }))
  const losses = times.map((): Injection => ({ kind: 'lose', after: Math.round(random() * 300) }))
  const others = times.flatMap((index): Injection[] => [{ kind: 'refuse' }, { kind: 'unused', times: 1 + (index % 4) }])
  return shuffled([...programs, ...cancels, ...losses, ...others], random)
}

export function outcomesOf(programs: readonly TruthProgram[]): readonly Outcome[] {
  return [...new Set(programs.map((program) => program.outcome))]
}

/** Injects one after the other for as long as there are any; what was said wrongly. */
export async function work(lane: TruthLane, injections: Injection[]): Promise<string[]> {
  const wrong: string[] = []
  for (let next = injections.shift(); next !== undefined; next = injections.shift()) {
    const said = await lane.inject(next)
    if (said !== null) wrong.push(said)
  }
  await lane[Symbol.asyncDispose]()
  return wrong
}
