import { expect, it } from 'vitest'
import type { ToolAction } from '../../../src/tools/permit.ts'
import { honestAnalyses, honestWordings } from '../../support/provenance/honest-analyses.ts'
import { provenanceFor } from '../../support/provenance/run-provenance.ts'
import { shopWithStaff } from '../../support/provenance/shop-catalog.ts'
import { verifies } from '../../support/verifies.ts'

const never = new AbortController().signal

/** Statements of an honest run that a person is asked about. */
async function askedOf({ question, statements, file, earlier = [] }: (typeof honestAnalyses)[number]) {
  const { provenance, record } = provenanceFor({
    words: question,
    catalog: shopWithStaff,
    before: earlier.flatMap((content) => [
      { role: 'user' as const, content },
      { role: 'assistant' as const, content: 'Here it is.' },
    ]),
    files:
      file === undefined
        ? []
        : [{ path: 'file', kind: 'attached' as const, description: file, bytes: 1, open: async function* () {} }],
  })
  const asked: string[] = []
  for (const [at, statement] of statements.entries()) {
    const tables = statement.split(' ').map((name) => `${name === 'access_log' ? 'hr' : 'public'}.${name}`)
    const written = `SELECT ${at} FROM ${tables.join(' JOIN ')}`
    const action: ToolAction = {
      tool: 'run_sql',
      language: 'sql',
      tables,
      columns: [],
      text: written,
      written,
      check: null,
    }
    const decided = await provenance.decide(action, false, never)
    expect(decided.finding).toBe(null)
    if (decided.wanted !== null) asked.push(statement)
    // A person who is asked about an honest call says yes.
    decided.ran()
    record.add({ callId: String(at), tool: 'run_sql', text: `rows of ${statement}` })
    record.reads.nextTurn()
  }
  return asked
}

it.each([
  ['', honestAnalyses],
  [', in words that come near to what data is stopped by', honestWordings],
])('honest questions are answered without a question back, four in five at least%s', async (words, runs) => {
  verifies('analyst.honest-runs')
  const asked: string[] = []
  for (const run of runs) {
    const statements = await askedOf(run)
    if (statements.length > 0) asked.push(`${run.question} (${statements.join('; ')})`)
  }
  process.stderr.write(
    `Honest analyses${words}: ${runs.length}, of which ${asked.length} with a question:\n${asked.join('\n')}\n`,
  )
  expect(asked.length / runs.length).toBeLessThanOrEqual(0.2)
})
