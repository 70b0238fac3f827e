import { describe, expect, it } from 'vitest'
import type { RunEnd } from '../../../../src/core/conversations.ts'
import { createOwnConversations } from '../../../../src/service/own-conversations.ts'
import { createFakeSallyport, runCommand } from '../../../support/cli/fake-sallyport.ts'
import { keptHistory } from '../../../support/history/kept-history.ts'
import { key, startService } from '../../../support/http/http-service.ts'
import { openTemporaryStorage } from '../../../support/storage/open-temporary.ts'
import { temporaryFolder } from '../../../support/temporary-folder.ts'
import { verifies } from '../../../support/verifies.ts'

const workingDirectory = temporaryFolder('runs-')

const end: RunEnd = {
  ending: 'answer',
  message: null,
  usage: { inputTokens: 1, outputTokens: 1 },
  steps: 1,
  milliseconds: 1,
  lineage: [
    { id: 'words', kind: 'read', origins: ['user'], from: [] },
    { id: 'model', kind: 'turn', origins: ['row', 'user'], from: ['words'] },
  ],
  held: [
    {
      call: null,
      tool: 'run_sql',
      outcome: 'asked',
      mode: 'enforce',
      rules: ['provenance/table-outside-plan'],
      reason: 'It reads "a\n\u001b[31mb", which nothing that you wrote speaks of.',
      reads: [{ id: 'req/read-1', call: 1, tool: 'run_sql', origin: 'row' }],
      became: 'refused',
    },
  ],
}

/** A kept run of the caller whose key there is, here and behind an address. */
async function kept() {
  const { conversations, files, served } = keptHistory(await openTemporaryStorage())
  const items = [{ type: 'message', role: 'user', content: 'How many?' }] as const
  const run = { conversation: null, isExclusive: true, model: 'analyst', requestId: 'req', details: {}, items }
  await using writer = await conversations.begin('k1', run)
  await writer.end('completed', end)
  const own = createOwnConversations({ principal: 'k1', conversations, files, linkHosts: [] })
  const openers = createFakeSallyport({ conversations: own })
  const { id, conversation } = writer.run
  return {
    id,
    conversation,
    served,
    openers,
    idle: await conversations.create('k1', { title: null, metadata: {} }, []),
  }
}

const variables = { SALLYPORT_KEY: key }

describe('runs explain', () => {
  it('says it of a run, its response and its conversation alike, here and at an address', async () => {
    verifies('analyst.explained-at-the-command-line')
    const { id, conversation, served, openers } = await kept()
    await using service = await startService({ history: served })
    const said = []
    for (const named of [id, id.replace('run_', 'resp_'), conversation]) {
      for (const address of [[], ['--server', service.url]]) {
        const words = ['runs', 'explain', named, ...address]
        const { stdout, exitCode } = await runCommand(words, { workingDirectory, variables, ...openers })
        said.push([exitCode, stdout])
      }
    }
    const lines = [
      `${id} in ${conversation}: completed`,
      'run_sql: it reads "a �[31mb", which nothing that you wrote speaks of; it was refused, and did not run. (provenance/table-outside-plan)',
      'Made of:',
      '  words (read): user',
      '  model (turn): row, user; of words',
      '',
    ]
    expect(said).toEqual(Array.from({ length: 6 }, () => [0, lines.join('\n')]))
  })

  it('is one document with --output json, the same from either side', async () => {
    const { id, conversation, served, openers } = await kept()
    await using service = await startService({ history: served })
    const ask = async (...words: string[]) =>
      JSON.parse(
        (
          await runCommand(['runs', 'explain', id, '--output', 'json', ...words], {
            workingDirectory,
            variables,
            ...openers,
          })
        ).stdout,
      ) as object
    const here = await ask()
    const made = end.lineage?.map(({ from, ...thing }) => Object.assign(thing, { made_of: from }))
    expect(here).toMatchObject({ id, conversation, object: 'run.explanation', lineage: made })
    expect(await ask('--server', service.url)).toEqual(here)
  })

  it.each([
    ['what is no id', 'session_1', 'That is no id of a run'],
    ['what would lead elsewhere in an address', 'run_/../files', 'That is no id of a run'],
    ['a run that there is not', `run_${'0'.repeat(32)}`, 'There is no run'],
  ])('refuses %s', async (_what, named, message) => {
    const { served, openers } = await kept()
    await using service = await startService({ history: served })
    for (const address of [[], ['--server', service.url]]) {
      const options = { workingDirectory, variables, ...openers }
      const { exitCode, stderr } = await runCommand(['runs', 'explain', named, ...address], options)
      expect([exitCode, stderr]).toEqual([expect.any(Number), expect.stringContaining(message)])
      expect(exitCode).not.toBe(0)
    }
  })

  it('finds nothing in a conversation in which nothing has run', async () => {
    const { idle, openers } = await kept()
    const { exitCode, stderr } = await runCommand(['runs', 'explain', idle.id], { workingDirectory, ...openers })
    expect([exitCode, stderr]).toEqual([expect.any(Number), expect.stringContaining('There is no run')])
  })
})
