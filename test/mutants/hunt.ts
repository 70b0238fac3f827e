import { readFileSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { ImportGraph, sourceFiles } from './import-graph.ts'
import { makeMutants } from './make-mutants.ts'
import { applyMutant, type Mutant } from './mutant.ts'
import { relatedTests } from './related-tests.ts'
import { sampleMutants } from './sample-mutants.ts'
import { TestPlan } from './test-plan.ts'
import { TreeCopy } from './tree-copy.ts'

/** `hung`: a test did not end by its deadline, which counts as killed. */
type Fate = 'killed' | 'hung' | 'survived'

export interface HuntOptions {
  /** The checkout. Nothing in it is written. */
  readonly root: string
  /** Folders or files below `root` to put faults into; one that is in another counts once. */
  readonly folders: readonly string[]
  readonly seed: number
  readonly count: number
  /** No mutant is begun after so long, milliseconds. */
  readonly budget: number
  /** Copies of the tree that are worked in at once. */
  readonly workers: number
  /** Tests further from a file, by imports, are not run for it. */
  readonly steps: number
  /** Hears of each mutant as soon as its fate is known. */
  readonly onFate: (mutant: Mutant, fate: Fate, progress: { readonly done: number; readonly of: number }) => void
}

export interface HuntReport {
  readonly folders: readonly string[]
  readonly seed: number
  /** Mutants there could be. */
  readonly possible: number
  readonly sampled: number
  /** Those found by a failing test, those found by a test that did not end included. */
  readonly killed: number
  readonly hung: number
  readonly survived: readonly Mutant[]
  /** Not begun within the budget. */
  readonly notRun: number
  /** Killed among those that ran, 0 to 1; null where none ran. */
  readonly score: number | null
  /** Files without faults: a mutant of theirs could reach beyond its copy. */
  readonly filesLeftOut: readonly string[]
  /** Tests that fail or take too long without any fault. */
  readonly testsLeftOut: readonly string[]
  readonly milliseconds: number
}

/** What ends processes by their ids, removes files or works on cgroups: with a fault in it, it could hit others. */
const reachesOut = /process\.kill\(|\b(?:rm|rmSync|rmdir|unlink)\(|\/cgroup\.ts'/

/** Puts a sample of faults into copies of the tree, one at a time, and sees which of them no test finds. */
export async function hunt(options: HuntOptions, signal: AbortSignal): Promise<HuntReport> {
  const began = performance.now()
  const { root, folders, seed, count, workers, steps } = options
  const textOf = (file: string) => readFileSync(join(root, file), 'utf8')
  const files = [...new Set(folders.flatMap((folder) => sourceFiles(root, folder)))].toSorted()
  const filesLeftOut = files.filter((file) => reachesOut.test(textOf(file)))
  const possible = files
    .filter((file) => !filesLeftOut.includes(file))
    .flatMap((file) => makeMutants(file, textOf(file)))
  const sample = sampleMutants(possible, { seed, count, textOf })
  const tests = ['unit', 'contract', 'attack'].flatMap((name) => sourceFiles(root, `test/${name}`))
  const related = relatedTests(new ImportGraph(root), [...new Set(sample.map(({ file }) => file))], {
    tests: tests.filter((file) => file.endsWith('.test.ts')),
    steps,
  })
  const plan = new TestPlan(related)
  const fates = new Map<Mutant, Fate>()
  await inCopies({ root, workers }, async (copies) => {
    await plan.measure(copies, signal)
    const waiting = [...sample]
    await Promise.all(
      copies.map(async (copy) => {
        while (performance.now() - began < options.budget) {
          const mutant = waiting.shift()
          if (mutant === undefined) return
          const fate = await fateOf(mutant, { copy, plan }, signal)
          fates.set(mutant, fate)
          options.onFate(mutant, fate, { done: fates.size, of: sample.length })
        }
      }),
    )
  })
  const counted = (fate: Fate) => sample.filter((mutant) => fates.get(mutant) === fate)
  const [hung, survived] = [counted('hung').length, counted('survived')]
  const killed = counted('killed').length + hung
  return {
    folders,
    seed,
    possible: possible.length,
    sampled: sample.length,
    killed,
    hung,
    survived,
    notRun: sample.length - fates.size,
    score: fates.size === 0 ? null : killed / fates.size,
    filesLeftOut,
    testsLeftOut: plan.leftOut,
    milliseconds: performance.now() - began,
  }
}

async function fateOf(
  mutant: Mutant,
  { copy, plan }: { readonly copy: TreeCopy; readonly plan: TestPlan },
  signal: AbortSignal,
): Promise<Fate> {
  return copy.changed(
    mutant.file,
    (text) => applyMutant(text, mutant),
    async () => {
      for (const { tests, deadline } of plan.stages(mutant.file)) {
        const { kind } = await copy.runTests(tests, deadline, signal)
        if (kind !== 'passed') return kind === 'hung' ? 'hung' : 'killed'
      }
      return 'survived'
    },
  )
}

/** Nothing of the copies is left, however the work ends. */
async function inCopies(
  { root, workers }: { readonly root: string; readonly workers: number },
  work: (copies: readonly TreeCopy[]) => Promise<void>,
): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'sallyport-mutants-'))
  const copies: TreeCopy[] = []
  try {
    for (let index = 0; index < workers; index += 1) copies.push(await TreeCopy.make(root, join(folder, String(index))))
    await work(copies)
  } finally {
    await Promise.allSettled(copies.map((copy) => copy[Symbol.asyncDispose]()))
    await rm(folder, { recursive: true, force: true, maxRetries: 3 })
  }
}
