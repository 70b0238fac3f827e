import { describe, expect, it } from 'vitest'
import { createFakeSallyport, runCommand } from '../../../support/cli/fake-sallyport.ts'
import { suspensionsInMemory } from '../../../support/suspensions-in-memory.ts'
import { temporaryFolder } from '../../../support/temporary-folder.ts'
import { verifies } from '../../../support/verifies.ts'

const caller = `token-${'a'.repeat(43)}`

const run = (words: readonly string[], fake = createFakeSallyport({})) =>
  runCommand(['suspensions', ...words], {
    sallyport: fake.sallyport,
    openers: fake.openers,
    workingDirectory: temporaryFolder('sallyport-suspensions-'),
  })

describe('suspensions', () => {
  it('are made, listed, shown and lifted by hand', async () => {
    verifies('suspensions.commands')
    const suspensions = suspensionsInMemory()
    const fake = createFakeSallyport({ suspensions })
    const made = await run(['add', caller, '--lasts', '2h', '--note', 'seen', '--output', 'json'], fake)
    expect(JSON.parse(made.stdout)).toMatchObject({
      principal: caller,
      subject: caller,
      kind: 'suspended',
      reason: 'operator',
      note: 'seen',
      made_by: 'local',
    })
    expect((await run(['list'], fake)).stdout).toMatch(new RegExp(`^susp_1  ${caller}  \\S+  operator  until \\S+\\n$`))
    expect((await run(['show', 'susp_1'], fake)).stdout).toContain(`principal  ${caller}\n`)
    expect(await run(['lift', 'susp_1', '--output', 'json'], fake)).toMatchObject({ exitCode: 0 })
    expect((await run(['list'], fake)).stdout).toBe('Nobody is suspended.\n')
    expect((await run(['list', '--all'], fake)).stdout).toContain('lifted ')
  })

  it('keep nothing of a person but a digest', async () => {
    const { stdout } = await run(['add', caller, '--person', 'ann@example.com', '--output', 'json'])
    expect(stdout).toMatch(/"subject": ?"user:[0-9a-f]{40,}"/)
    expect(stdout).not.toContain('ann@')
  })

  it.each([
    [['add', 'nobody'], 'There is no caller of this id'],
    [['add', caller, '--lasts', '2020-01-01'], 'would never count'],
    [['show', 'susp_9'], 'There is no suspension "susp_9"'],
    [['lift', 'susp_9'], 'There is no suspension "susp_9"'],
  ])('%j is refused, and says why', async (words, told) => {
    const { exitCode, stderr } = await run(words)
    expect({ exitCode, stderr }).toEqual({ exitCode: 2, stderr: expect.stringContaining(told) as string })
  })
})
