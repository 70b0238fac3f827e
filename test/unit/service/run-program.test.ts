import { describe, expect, it } from 'vitest'
import { PendingWork } from '../../../src/concurrency/pending-work.ts'
import { ServiceError } from '../../../src/core/errors.ts'
import type { Sandbox } from '../../../src/sandbox/sandbox.ts'
import { runProgram } from '../../../src/service/run-program.ts'
import type { Program } from '../../../src/service/sallyport.ts'
import { createCodeValidators } from '../../../src/validators/code-validators.ts'
import { codeValidatorOptions } from '../../../src/validators/options.ts'
import { cellResult } from '../../support/sandbox/cell-result.ts'

const never = new AbortController().signal
const program: Program = {
  language: 'python',
  code: 'print(1)',
  files: [],
  timeoutMilliseconds: null,
  limits: {},
  driver: null,
  bringsFiles: false,
  validate: null,
}

/** A program over a sandbox whose removal the test decides. */
function open(given: { readonly run?: Sandbox['run']; readonly removal?: Promise<void> } = {}) {
  const steps: string[] = []
  const pending = new PendingWork()
  const sandbox: Sandbox = {
    id: 'sbx-1',
    driver: 'runsc',
    missingWalls: [],
    alive: true,
    run: given.run ?? (async () => (steps.push('run'), cellResult())),
    files: {} as Sandbox['files'],
    async [Symbol.asyncDispose]() {
      steps.push('removal')
      await given.removal
      steps.push('removed')
    },
  }
  const parts: Parameters<typeof runProgram>[0] = {
    sandboxes: {
      claim: async () => sandbox,
      choice: async () => ({ driver: 'runsc', reason: 'a test' }),
    },
    validators: createCodeValidators(codeValidatorOptions.parse({})),
    screener: () => {
      steps.push('screening')
      return {
        texts: async (texts: readonly { text: string }[]) => texts.map(({ text }) => text),
        takeFindings: () => [],
      } as never
    },
    ceilings: {} as Parameters<typeof runProgram>[0]['ceilings'],
    onRemoval: (removal) => pending.add(removal),
  }
  return { steps, pending, answer: runProgram(parts, program, never) }
}

describe('a program in a sandbox of its own', () => {
  it('is answered while its sandbox is being removed, which it is from when nothing more is read of it', async () => {
    const { promise, resolve } = Promise.withResolvers<void>()
    const { answer, steps, pending } = open({ removal: promise })
    expect(await answer).toMatchObject({
      kind: 'result',
      ranIn: 'gVisor (runsc)',
      driver: { name: 'runsc', reason: 'a test' },
    })
    expect(steps.slice(0, 3)).toEqual(['run', 'removal', 'screening'])
    expect(steps).not.toContain('removed')
    resolve()
    await pending[Symbol.asyncDispose]()
    expect(steps).toContain('removed')
  })

  it('has its sandbox removed also where the run rejects', async () => {
    const { answer, steps, pending } = open({
      run: () => Promise.reject(new ServiceError('sandbox-lost', 'it is gone')),
    })
    await expect(answer).rejects.toThrow('it is gone')
    await pending[Symbol.asyncDispose]()
    expect(steps).toEqual(['removal', 'removed'])
  })

  it('is answered although its sandbox could not be removed, which is told at the end', async () => {
    const failed = Promise.reject(new ServiceError('sandbox-unavailable', 'it stays'))
    failed.catch(() => {})
    const { answer, pending } = open({ removal: failed })
    expect((await answer).kind).toBe('result')
    await expect(pending[Symbol.asyncDispose]()).rejects.toThrow('it stays')
  })
})
