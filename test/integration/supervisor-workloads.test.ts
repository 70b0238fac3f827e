import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { corpus } from '../support/corpora.ts'
import { runUnderPlainNode } from '../support/plain-node.ts'
import { SupervisorHarness } from '../support/supervisor-harness.ts'

interface JavaScriptProblem {
  readonly name: string
  readonly gpt_solution: string
  readonly tests: string
}

const javascriptProblems = corpus('workloads/humaneval-js.jsonl')
const tables = corpus('workloads/dabench/tables')

/** The solution stands in a fence of Markdown; its tests follow. */
function programOf(problem: JavaScriptProblem): string {
  const fenced = problem.gpt_solution.split(/```\w*\n/)[1] ?? problem.gpt_solution
  return `${fenced.split('```')[0]}\n${problem.tests}`
}

describe.skipIf(javascriptProblems === null)('JavaScript that models wrote', () => {
  it('ends and prints in one lasting session as under plain Node, program by program', async () => {
    const lines = readFileSync(javascriptProblems ?? '', 'utf8')
      .trim()
      .split('\n')
    const problems = lines.map((line) => JSON.parse(line) as JavaScriptProblem)
    const expected = await runUnderPlainNode(problems.map(programOf))
    await using supervisor = await SupervisorHarness.start({ languages: ['javascript'] })
    const differing: string[] = []
    for (const [index, problem] of problems.entries()) {
      const { done, stdout } = await supervisor.run(programOf(problem), { language: 'javascript' })
      const plain = expected[index]
      const same = (done.reason === 'completed') === (plain?.status === 0) && stdout === plain?.stdout
      if (!same) differing.push(problem.name)
    }
    expect(differing).toEqual([])
    expect(expected.filter((run) => run.status === 0).length).toBeGreaterThan(100)
  })
})

describe.skipIf(tables === null)('tables from the wild', () => {
  it('are all loaded, described and plotted', async () => {
    await using supervisor = await SupervisorHarness.start()
    for (const name of readdirSync(tables ?? '')) {
      expect(await supervisor.put(name, readFileSync(join(tables ?? '', name)))).toMatchObject({ type: 'stored' })
      const { done, items } = await supervisor.run(
        `import pandas as pd\nframe = pd.read_csv(${JSON.stringify(name)})\ndisplay(frame.describe(include="all"))\n` +
          'numbers = frame.select_dtypes("number").iloc[:, :6]\n' +
          'numbers.plot() if numbers.shape[1] else frame.iloc[:20, 0].value_counts().plot.bar()\nframe.head()',
      )
      const shown = items.flatMap((item) => Object.keys(item))
      const tableCount = shown.filter((key) => key === 'data').length
      expect([name, done.reason, tableCount, shown.includes('png'), shown.includes('chart')]).toEqual([
        name,
        'completed',
        2,
        true,
        true,
      ])
      await supervisor.ask({ type: 'delete', path: name }, 'deleted')
    }
  })
})
