import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { ImportGraph, sourceFiles } from '../../mutants/import-graph.ts'
import { relatedTests } from '../../mutants/related-tests.ts'

const files: Readonly<Record<string, string>> = {
  'src/a.ts': "import { b } from './b.ts'\nexport const worker = siblingModule(import.meta.url, './a-worker')",
  'src/b.ts': "export { c } from './c.ts'",
  'src/c.ts': "import { a } from './a.ts'",
  'src/a-worker.ts': "const { d } = await import('./d.ts')",
  'src/d.ts': "import type { E } from './e.ts'\nimport x from './missing.ts'",
  'src/e.ts': '',
  'src/compose.ts': "import './a.ts'",
  'src/databases/shadow/shadow-process.ts': "import '../../b.ts'",
  'test/unit/a.test.ts': "import { a } from '../../src/a.ts'",
  'test/unit/c.test.ts': "import { c } from '../../src/c.ts'",
  'test/unit/shadow.test.ts': "siblingModule('../../src/databases/shadow/shadow-process')",
  'test/unit/whole.test.ts': "import { compose } from '../../src/compose.ts'",
}
const root = mkdtempSync(join(tmpdir(), 'graph-'))
for (const [path, text] of Object.entries(files)) {
  mkdirSync(join(root, dirname(path)), { recursive: true })
  writeFileSync(join(root, path), text)
}
afterAll(() => rmSync(root, { recursive: true }))

describe('the tests of a file', () => {
  const tests = sourceFiles(root, 'test')
  const related = relatedTests(new ImportGraph(root), ['src/b.ts', 'src/d.ts', 'src/e.ts'], { tests, steps: 100 })

  it('are those that reach it, the nearest first, through exports and circles', () => {
    expect(related.get('src/b.ts')).toEqual([
      { test: 'test/unit/a.test.ts', steps: 2 },
      { test: 'test/unit/c.test.ts', steps: 3 },
    ])
  })

  it('are none further away than asked for', () => {
    const within = (steps: number) =>
      relatedTests(new ImportGraph(root), ['src/b.ts'], { tests, steps })
        .get('src/b.ts')
        ?.map(({ test }) => test)
    expect(within(1)).toEqual([])
    expect(within(2)).toEqual(['test/unit/a.test.ts'])
    expect(within(3)).toEqual(['test/unit/a.test.ts', 'test/unit/c.test.ts'])
  })

  it('reach it through modules that are started as processes or loaded late', () => {
    expect(related.get('src/d.ts')?.map(({ test }) => test)).toEqual(['test/unit/a.test.ts', 'test/unit/c.test.ts'])
  })

  it('are none where types alone lead to it', () => {
    expect(related.get('src/e.ts')).toEqual([])
  })

  it('are never those that need a database or the whole service', () => {
    const reached = relatedTests(new ImportGraph(root), ['src/compose.ts'], { tests, steps: 100 })
    expect(reached.get('src/compose.ts')).toEqual([])
  })
})

describe('the files of a folder', () => {
  it('are those below it in order, and a file alone is itself', () => {
    expect(sourceFiles(root, 'test')).toEqual([
      'test/unit/a.test.ts',
      'test/unit/c.test.ts',
      'test/unit/shadow.test.ts',
      'test/unit/whole.test.ts',
    ])
    expect(sourceFiles(root, 'src/a.ts')).toEqual(['src/a.ts'])
    expect(sourceFiles(root, 'nowhere')).toEqual([])
  })
})
