import type { RelatedTest } from './related-tests.ts'
import type { TreeCopy } from './tree-copy.ts'

interface Stage {
  readonly tests: readonly string[]
  /** Milliseconds within which they end where nothing hangs. */
  readonly deadline: number
}

/** A test that takes longer is not run. */
const longestTest = 40_000
/** What the tests of one mutant may take in all, by the times they take without it. */
const longestMutant = 40_000
/** The nearest tests, which find most, are run first. */
const firstStage = 3_000

/** Which tests are run for a mutant of a file, in which order, and how long they may take. */
export class TestPlan {
  readonly #related: ReadonlyMap<string, readonly RelatedTest[]>
  readonly #milliseconds = new Map<string, number>()
  readonly #leftOut = new Set<string>()

  constructor(related: ReadonlyMap<string, readonly RelatedTest[]>) {
    this.#related = related
  }

  /** Tests that fail or take too long without any fault. */
  get leftOut(): readonly string[] {
    return [...this.#leftOut].toSorted()
  }

  /** Runs every test once without a fault. */
  async measure(copies: readonly Pick<TreeCopy, 'runTests'>[], signal: AbortSignal): Promise<void> {
    const waiting = [...new Set([...this.#related.values()].flatMap((list) => list.map(({ test }) => test)))]
    await Promise.all(
      copies.map(async (copy) => {
        for (let test = waiting.shift(); test !== undefined; test = waiting.shift()) {
          const { kind, milliseconds } = await copy.runTests([test], longestTest, signal)
          if (kind === 'passed') this.#milliseconds.set(test, milliseconds)
          else this.#leftOut.add(test)
        }
      }),
    )
  }

  /** The nearest tests, then the rest as far as the time of one mutant goes. Empty where no test reaches the file. */
  stages(file: string): readonly Stage[] {
    const stages: { tests: string[]; milliseconds: number }[] = [
      { tests: [], milliseconds: 0 },
      { tests: [], milliseconds: 0 },
    ]
    const start = Math.min(...this.#milliseconds.values())
    const timed = (this.#related.get(file) ?? []).flatMap(({ test, steps }) => {
      const milliseconds = this.#milliseconds.get(test)
      // Those of a stage share one start of the runner, which is all that the shortest of them takes.
      return milliseconds === undefined
        ? []
        : [{ test, steps: test === mirrorOf(file) ? 0 : steps, milliseconds: milliseconds - start }]
    })
    // Of those that are equally near the quickest, so that as many as can be have their turn.
    timed.sort((one, other) => one.steps - other.steps || one.milliseconds - other.milliseconds)
    let total = 0
    for (const { test, milliseconds } of timed) {
      if (total > 0 && total + milliseconds > longestMutant) continue
      const stage = stages[total < firstStage ? 0 : 1]
      stage?.tests.push(test)
      if (stage !== undefined) stage.milliseconds += milliseconds
      total += milliseconds
    }
    return stages.flatMap(({ tests, milliseconds }) =>
      tests.length === 0 ? [] : [{ tests, deadline: 20_000 + 4 * (start + milliseconds) }],
    )
  }
}

/** The test that is about this file alone: it stands where the file does. */
function mirrorOf(file: string): string {
  return file.replace(/^src\//, 'test/unit/').replace(/\.ts$/, '.test.ts')
}
