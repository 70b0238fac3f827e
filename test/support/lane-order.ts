import { relative } from 'node:path'
import { BaseSequencer, type TestSpecification } from 'vitest/node'

/** Lanes as a run goes through them: what is quick, and says most of what is wrong, first. */
const lanes = ['unit', 'contract', 'e2e', 'attack', 'integration', 'alone', 'kubernetes']

/**
 * Files that take half a minute and more where nothing else is at work. They begin first in their lane, so that none is
 * left at the end with a worker idle beside it. A file that should be here and is not costs time, nothing else.
 */
const long = [
  'test/contract/storage-postgres.test.ts',
  'test/contract/storage-embedded.test.ts',
  'test/contract/shadow.test.ts',
  'test/e2e/package.test.ts',
  'test/e2e/documentation.test.ts',
  'test/e2e/kept-conversations.test.ts',
  'test/e2e/chat.test.ts',
  'test/e2e/cli-run.test.ts',
  'test/e2e/sql.test.ts',
  'test/attack/layers.test.ts',
  'test/attack/sql-solver.test.ts',
  'test/attack/sql-solver-processes.test.ts',
  'test/integration/table-corpus.test.ts',
  'test/integration/waf.test.ts',
  'test/integration/schemathesis-service.test.ts',
  'test/integration/chart-gallery.test.ts',
  'test/integration/supervisor-plotting.test.ts',
  'test/integration/workloads.test.ts',
  'test/integration/supervisor-environment.test.ts',
  'test/integration/sql-oracle.test.ts',
]

/** One lane after the other, though two of them are at work where one ends; in a lane, the longest files first. */
export class LaneOrder extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const { root } = this.ctx.config
    const placeOf = ({ project, moduleId }: TestSpecification): readonly [lane: number, file: number] => {
      const file = long.indexOf(relative(root, moduleId))
      return [lanes.indexOf(project.name), file === -1 ? long.length : file]
    }
    const places = new Map(files.map((file) => [file, placeOf(file)]))
    const sorted = await super.sort(files)
    return sorted.toSorted((left, right) => {
      const [one = [0, 0], other = [0, 0]] = [places.get(left), places.get(right)]
      return one[0] - other[0] || one[1] - other[1]
    })
  }
}
