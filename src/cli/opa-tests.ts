import { execFile } from 'node:child_process'
import { z } from 'zod'
import { ServiceError } from '../core/errors.ts'

/** Longer than the tests of any rules take. */
const patience = 300_000

const results = z
  .array(
    z.object({
      package: z.string(),
      name: z.string(),
      fail: z.boolean().default(false),
      skip: z.boolean().default(false),
      error: z.unknown().optional(),
    }),
  )
  .nullable()
  .transform((tests) => tests ?? [])

export interface RegoTest {
  readonly name: string
  readonly result: 'passed' | 'failed' | 'skipped'
}

/**
 * Has OPA run the tests in Rego of a folder. Throws `invalid-request` where there is no OPA, and `invalid-file`, with what it
 * says, where the folder is not of rules that it can read.
 */
export async function runRegoTests(program: string, folder: string): Promise<readonly RegoTest[]> {
  const { failure, stdout, stderr } = await run(program, ['test', '--format', 'json', '--ignore', '*.cases.*', folder])
  if (failure?.code === 'ENOENT' || failure?.code === 'EACCES') {
    throw new ServiceError('invalid-request', `The tests in Rego need OPA, and "${program}" cannot be run.`, {
      advice: 'Install it (openpolicyagent.org), name it by --opa or $OPA, or ask only the cases: --cases.',
      cause: failure,
    })
  }
  const tests = results.safeParse(jsonOf(stdout))
  // It ends with 2 where tests fail, and with 1 where there is nothing that it could test.
  if (!tests.success || (failure !== null && failure.code !== 2)) {
    const said = (stderr || stdout).trim().slice(0, 2_000)
    throw new ServiceError('invalid-file', `OPA cannot test ${folder}: ${said || 'it says nothing'}`, {
      advice: 'Mend the rules, or their tests: "opa check" names the places.',
    })
  }
  return tests.data.map(({ package: of, name, fail, skip, error }) => ({
    name: `${of}.${name}`,
    result: skip ? 'skipped' : fail || error !== undefined ? 'failed' : 'passed',
  }))
}

interface Ran {
  readonly failure: { readonly code?: string | number | null } | null
  readonly stdout: string
  readonly stderr: string
}

function run(program: string, words: readonly string[]): Promise<Ran> {
  return new Promise((resolve) => {
    const options = { timeout: patience, maxBuffer: 64 * 1024 * 1024 }
    execFile(program, words, options, (failure, stdout, stderr) => resolve({ failure, stdout, stderr }))
  })
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
