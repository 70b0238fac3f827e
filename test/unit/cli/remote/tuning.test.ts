import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startAdmin, type AdminService } from '../../../support/http/admin-service.ts'
import { createFakeSallyport, runCommand } from '../../../support/cli/fake-sallyport.ts'
import { tuningDouble } from '../../../support/feedback/tuning-double.ts'
import { temporaryFolder } from '../../../support/temporary-folder.ts'
import { verifies } from '../../../support/verifies.ts'

const workingDirectory = temporaryFolder('sallyport-remote-tuning-')
let service: AdminService
beforeAll(async () => {
  service = await startAdmin({ tuning: tuningDouble })
})
afterAll(() => service[Symbol.asyncDispose]())

const here = (words: readonly string[]) => {
  const { sallyport, openers } = createFakeSallyport({ tuning: tuningDouble })
  return runCommand(['tuning', ...words], { sallyport, openers, workingDirectory })
}
const there = (words: readonly string[]) => {
  const { sallyport, openers } = createFakeSallyport({})
  const variables = { SALLYPORT_KEY: service.key }
  return runCommand(['tuning', ...words, '--server', service.url], { sallyport, openers, workingDirectory, variables })
}

const place = 'support/outbound/toxicity'
const why = ['--why', 'w']

describe('thresholds of a service elsewhere', () => {
  it.each([
    [['show']],
    [['show', 'rol_1']],
    [['report', '--group', 'support', '--cost-false-block', '2', '--unit', 'EUR']],
    [['queue', 'list', '--group', 'support', '--rule', 'toxicity', '--state', 'labelled']],
    [['queue', 'list', '--kind', 'receipt']],
    [['queue', 'show', 'cmp_1', '--show-values']],
    [['label', 'cmp_1', 'toxicity', 'harmless', ...why, '--decision', 'dec-1']],
    [['dismiss', 'cmp_1', ...why]],
    [['sets', 'list']],
    [['sets', 'make', 'november', place, '--since', '2026-11-01', '--until', '2026-12-01']],
    [['sets', 'show', 'november@2']],
    [['propose', 'november', '--false-positive-rate', '0.1', '--confidence', '0.9', '--most-recall-lost', '0.02']],
    [['propose', 'november@2', '--cost-false-block', '1', '--cost-miss', '5']],
    [['simulate', 'tpr_1', '--since', '2026-11-01']],
    [['shadow', 'tpr_1', ...why, '--most-acted-ratio', '2', '--error', '0.01']],
    [['canary', 'rol_1', '--share', '0.1', ...why, '--digest', 'a'.repeat(64)]],
    [['promote', 'rol_1', ...why]],
    [['rollback', 'rol_1', ...why]],
    [['stop', 'rol_1', ...why]],
    [['history']],
    [['history', place]],
    // What is not there.
    [['show', 'rol_9']],
    [['queue', 'show', 'cmp_9']],
    [['promote', 'rol_9', ...why]],
  ])('are told and moved in the words of those here: %j', async (words) => {
    verifies('admin.remote')
    for (const output of ['text', 'json']) {
      const asked = [...words, '--output', output]
      expect(await there(asked)).toEqual(await here(asked))
    }
  })

  it('are asked of by no id that would be another address, and take no texts', async () => {
    expect(await there(['show', '../keys'])).toMatchObject({ exitCode: 2, stdout: '' })
    const imported = await there(['sets', 'import', 'november', place, '-'])
    expect(imported).toMatchObject({
      exitCode: 2,
      stderr: expect.stringContaining('on the machine of the service') as string,
    })
  })

  it('are moved by whoever holds the key, whatever is said of who it is', async () => {
    const before = service.changes.length
    await there(['promote', 'rol_1', ...why, '--by', 'somebody-else'])
    const [asked] = service.changes.slice(before)
    expect(asked).toMatchObject({
      principal: service.keyId,
      action: 'tuning.promotion',
      target: 'rol_1',
      told: { why: 'w' },
    })
    expect(JSON.stringify(asked)).not.toContain('somebody-else')
  })
})
