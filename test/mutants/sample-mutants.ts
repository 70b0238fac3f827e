import ts from 'typescript-5'
import { createRandom, shuffled } from '../support/random.ts'
import { applyMutant, type Mutant } from './mutant.ts'

/**
 * `count` of the mutants, decided by the seed alone. The sorts take turns, so that a table of literals does not drown
 * the conditions; what is not a program any more is passed over.
 */
export function sampleMutants(
  mutants: readonly Mutant[],
  { seed, count, textOf }: { readonly seed: number; readonly count: number; readonly textOf: (file: string) => string },
): readonly Mutant[] {
  const random = createRandom(seed)
  const kinds = [...Map.groupBy(mutants, ({ kind }) => kind)].toSorted(([one], [other]) => one.localeCompare(other))
  const heaps = kinds.map(([, ofKind]) => shuffled(ofKind, random))
  const sample: Mutant[] = []
  while (sample.length < count && heaps.some((heap) => heap.length > 0)) {
    for (const heap of heaps) {
      const next = takeProgram(heap, textOf)
      if (next !== null && sample.length < count) sample.push(next)
    }
  }
  return sample
}

function takeProgram(heap: Mutant[], textOf: (file: string) => string): Mutant | null {
  for (let next = heap.pop(); next !== undefined; next = heap.pop()) {
    if (isProgram(applyMutant(textOf(next.file), next))) return next
  }
  return null
}

function isProgram(text: string): boolean {
  const { diagnostics = [] } = ts.transpileModule(text, {
    reportDiagnostics: true,
    compilerOptions: { target: ts.ScriptTarget.ES2024, module: ts.ModuleKind.ESNext },
  })
  return diagnostics.length === 0
}
