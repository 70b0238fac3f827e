import { readFile } from 'node:fs/promises'
import { describe, expect, it } from 'vitest'
import { unvetted } from '../contract/sandbox-contract.ts'
import { corpus } from '../support/corpora.ts'
import { createTestEngine } from '../support/docker-sandbox.ts'

interface Problem {
  readonly task_id: string
  readonly prompt: string
  readonly canonical_solution: string
  readonly test: string
  readonly entry_point: string
}

const path = corpus('workloads/humaneval.jsonl')
const never = new AbortController().signal

describe('HumanEval', () => {
  it.skipIf(path === null)('passes with all canonical solutions in one sandbox', async () => {
    const problems = (await readFile(path ?? '', 'utf8'))
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as Problem)
    expect(problems).toHaveLength(164)
    await using engine = createTestEngine()
    await using sandbox = await engine.claim({ tenant: 'humaneval', language: 'python' }, never)
    const failures: string[] = []
    for (const problem of problems) {
      const { prompt, canonical_solution: solution, test, entry_point: entry } = problem
      const code = `${prompt}${solution}\n${test}\ncheck(${entry})\nprint("passed ${problem.task_id}")\n`
      const result = await sandbox.run(unvetted(code), { timeoutMilliseconds: 60_000 }, never)
      if (result.outcome !== 'ok' || result.stdout.text !== `passed ${problem.task_id}\n`) {
        failures.push(`${problem.task_id}: ${result.outcome} ${result.error?.traceback ?? result.notice ?? ''}`)
      }
    }
    expect(failures).toEqual([])
  })
})
