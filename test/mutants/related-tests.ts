import type { ImportGraph } from './import-graph.ts'

/** What needs containers, a database or the whole service: a test that reaches one of these is not run. */
const outside = [
  /^src\/compose\.ts$/,
  /^src\/sandbox\/containers\/(docker|runsc)\/[^/]*(driver|container)\.ts$/,
  /^src\/databases\/(pglite|shadow)\/(open-pglite|[^/]*-process)\.ts$/,
]

export interface RelatedTest {
  readonly test: string
  /** Imports between the test and the file. */
  readonly steps: number
}

/** For each of the files the tests that reach it in so many steps without containers or a database, the nearest first. */
export function relatedTests(
  graph: ImportGraph,
  files: readonly string[],
  { tests, steps: most }: { readonly tests: readonly string[]; readonly steps: number },
): ReadonlyMap<string, readonly RelatedTest[]> {
  const related = new Map<string, RelatedTest[]>(files.map((file) => [file, []]))
  for (const test of tests) {
    const reached = graph.reachedFrom(test)
    if ([...reached.keys()].some((file) => outside.some((pattern) => pattern.test(file)))) continue
    for (const [file, steps] of reached) if (steps <= most) related.get(file)?.push({ test, steps })
  }
  for (const list of related.values()) {
    list.sort((one, other) => one.steps - other.steps || one.test.localeCompare(other.test))
  }
  return related
}
