import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { SandboxOperations } from '../../../../src/core/sandbox-operations.ts'
import { createFakeSallyport, runCommand } from '../../../support/cli/fake-sallyport.ts'
import { startAdmin, type AdminService } from '../../../support/http/admin-service.ts'
import { exampleSandbox, sandboxesDouble } from '../../../support/http/operator-doubles.ts'
import { temporaryFolder } from '../../../support/temporary-folder.ts'
import { verifies } from '../../../support/verifies.ts'

const workingDirectory = temporaryFolder('sallyport-sandboxes-')
const sandboxes = sandboxesDouble()
let service: AdminService
beforeAll(async () => {
  service = await startAdmin({ sandboxes })
})
afterAll(() => service[Symbol.asyncDispose]())

const run = (words: readonly string[], url = service.url) => {
  const { sallyport, openers } = createFakeSallyport({})
  const variables = { SALLYPORT_KEY: service.key }
  return runCommand(['sandboxes', ...words, '--server', url], { sallyport, openers, workingDirectory, variables })
}

describe('sandboxes of a service', () => {
  it('are listed, ended, drained and resumed', async () => {
    verifies('sandboxes.commands')
    const listed = await run(['list'])
    expect(listed.stdout).toBe(
      [
        'runsc: gVisor, as each of their kernels says; missing: No limit of tasks.',
        '1 in use, 0 ready, 0 starting, 0 waiting, 16 at most',
        'sbx-0123456789abcdef  running  of key_ann  60 s old  512 MiB',
        '',
      ].join('\n'),
    )
    const { data } = JSON.parse((await run(['list', '--output', 'json'])).stdout) as { data: readonly unknown[] }
    expect(data).toMatchObject([{ id: exampleSandbox.id, holder: 'key_ann', age_ms: 60_000, idle_ms: null }])
    expect(await run(['end', exampleSandbox.id])).toMatchObject({
      stdout: `Ended ${exampleSandbox.id}.\n`,
      exitCode: 0,
    })
    expect(sandboxes.ended).toEqual([exampleSandbox.id])
    expect((await run(['drain', '--why', 'a new kernel'])).stdout).toContain('drained: none is handed out')
    expect((await run(['resume'])).stdout).not.toContain('drained')
    expect(service.changes.filter(({ done }) => done === null).map(({ action, told }) => [action, told])).toEqual([
      ['sandboxes.end', {}],
      ['sandboxes.drain', { why: 'a new kernel' }],
      ['sandboxes.resume', {}],
    ])
  })

  it('tell what detection has heard of one', async () => {
    verifies('detection.trace-command')
    const { stdout } = await run(['trace', exampleSandbox.id])
    expect(stdout).toBe(
      [
        'sbx-0123456789abcdef: heard; 120 messages of its kernel (14000 bytes), 0 lost; 1 alerts (300 bytes), 2 more held back',
        '1970-01-01T00:00:00.000Z  warning   Credentials read  of key_ann, program 3  ended for it',
        '    Code of a sandbox opens /etc/shadow\uFFFD[2J (python3)',
        '',
      ].join('\n'),
    )
    const told = JSON.parse((await run(['trace', exampleSandbox.id, '--output', 'json'])).stdout) as unknown
    expect(told).toMatchObject({ over: false, figures: { messages: 120 }, alerts: [{ cell: 3, holder: 'key_ann' }] })
  })

  it.each([
    ['a trace of none', ['trace', 'sbx-0000000000000000'], 'Nothing was heard of a sandbox of this id'],
    ['an id that names none', ['end', 'sbx-0000000000000000'], 'There is no sandbox of this id'],
    ['what is no id', ['end', '../keys'], 'must be the id of a sandbox'],
    ['a reason of two lines', ['drain', '--why', 'a\nb'], 'must be one line that can be shown'],
  ])('are left alone by %s', async (_what, words, told) => {
    const { exitCode, stderr } = await run(words)
    expect({ exitCode, stderr }).toEqual({ exitCode: 2, stderr: expect.stringContaining(told) as string })
  })

  it.each([
    [
      'before any was asked for',
      { proof: 'not-asked', name: null },
      'no driver yet: not proven: there is none whose kernel says so\n',
    ],
    ['where their walls fell', { proof: 'failed', fault: 'no gVisor' }, 'runsc: the walls do not stand (no gVisor)\n'],
  ] as const)('say what is known of them %s', async (_when, driver, told) => {
    const unopened: SandboxOperations = {
      ...sandboxesDouble(),
      seen: async () => ({
        driver: { name: 'runsc', why: null, fault: null, missingWalls: [], ...driver },
        pool: null,
        isDraining: false,
        sandboxes: [],
      }),
    }
    await using other = await startAdmin({ sandboxes: unopened })
    const { sallyport, openers } = createFakeSallyport({})
    const variables = { SALLYPORT_KEY: other.key }
    const { stdout } = await runCommand(['sandboxes', 'list', '--server', other.url], {
      sallyport,
      openers,
      workingDirectory,
      variables,
    })
    expect(stdout).toBe(`${told}nothing was asked for yet\n`)
  })

  it('are asked for by the address of a service', async () => {
    const { sallyport, openers } = createFakeSallyport({})
    const { exitCode, stderr } = await runCommand(['sandboxes', 'list'], { sallyport, openers, workingDirectory })
    expect({ exitCode, stderr }).toEqual({ exitCode: 2, stderr: expect.stringContaining('--server') as string })
  })
})
