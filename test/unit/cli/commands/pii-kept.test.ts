import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, describe, expect, it } from 'vitest'
import { ServiceError } from '../../../../src/core/errors.ts'
import type { Searching, SearchAsked } from '../../../../src/gateway/privacy/vault/searching.ts'
import type { ValueSearchResult } from '../../../../src/gateway/privacy/vault/value-search.ts'
import { runCommand } from '../../../support/cli/fake-sallyport.ts'
import { key, startService, type TestService } from '../../../support/http/http-service.ts'
import { temporaryFolder } from '../../../support/temporary-folder.ts'
import { verifies } from '../../../support/verifies.ts'

const [one, other] = ['a'.repeat(32), 'b'.repeat(32)]
const part: ValueSearchResult = {
  found: [{ conversation: one, kinds: ['pii/email', 'pii/person'] }],
  searched: { conversations: 2, values: 9 },
  unopened: 0,
  next: null,
}

let service: TestService | null = null
afterEach(async () => {
  await service?.[Symbol.asyncDispose]()
  service = null
})

async function run(words: readonly string[], searching: Partial<Searching>, input?: string) {
  const absent = () => Promise.reject(new Error('it is not asked for that'))
  service = await startService({ searching: { find: absent, forget: absent, ...searching } })
  const folder = temporaryFolder('kept-command-')
  writeFileSync(join(folder, 'value.txt'), 'kim@x.example\r\n')
  const given = words.map((word) => (word === 'value.txt' ? join(folder, word) : word))
  return runCommand(['pii', ...given, '--url', service.url], {
    workingDirectory: folder,
    variables: { SALLYPORT_KEY: key },
    ...(input === undefined ? {} : { input }),
  })
}

describe('pii find', () => {
  it('asks for the value of a file or of standard input, without its last line break, to the end', async () => {
    verifies('pii.found')
    const asked: SearchAsked[] = []
    const find: Searching['find'] = async (_principal, search) => {
      asked.push(search)
      return search.after === null
        ? { ...part, next: other }
        : { ...part, found: [{ conversation: other, kinds: ['secret'] }] }
    }
    const { exitCode, stdout, stderr } = await run(['find', 'value.txt'], { find })
    expect(asked.map(({ value, after }) => [value, after])).toEqual([
      ['kim@x.example', null],
      ['kim@x.example', other],
    ])
    expect([exitCode, stdout]).toEqual([0, `${one}  pii/email pii/person\n${other}  secret\n`])
    expect(stderr).toContain('4 conversations were searched.')
    await service?.[Symbol.asyncDispose]()
    const json = await run(['find', '--output', 'json'], { find: async () => part }, 'kim@x.example')
    const { next: _next, ...result } = part
    expect(JSON.parse(json.stdout)).toEqual(result)
  })

  it('ends with 1 where something could not be opened', async () => {
    const { exitCode, stdout, stderr } = await run(['find', 'value.txt'], {
      find: async () => ({ ...part, found: [], unopened: 3 }),
    })
    expect([exitCode, stdout]).toEqual([1, 'No conversation that is kept holds it.\n'])
    expect(stderr).toContain('3 could not be opened, and may hold it.')
  })

  it('ends with what the service says against it', async () => {
    verifies('pii.found-rights')
    const find = () => Promise.reject(new ServiceError('forbidden', 'The group "default" may not search.'))
    const { exitCode, stdout, stderr } = await run(['find', 'value.txt'], { find })
    expect([exitCode, stdout]).toEqual([4, ''])
    expect(stderr).toContain('The group "default" may not search.')
  })
})

describe('pii forget', () => {
  it('forgets one after the other, and says which', async () => {
    const forgotten: string[] = []
    const forget: Searching['forget'] = async (_principal, conversation) => {
      if (conversation === other) throw new ServiceError('not-found', 'There is no such conversation.')
      forgotten.push(conversation)
    }
    expect(await run(['forget', one], { forget })).toMatchObject({ exitCode: 0, stdout: `Forgot ${one}.\n` })
    await service?.[Symbol.asyncDispose]()
    expect(await run(['forget', one, other], { forget })).toMatchObject({ exitCode: 2, stdout: `Forgot ${one}.\n` })
    expect(forgotten).toEqual([one, one])
  })

  it.each(['../keys', 'A'.repeat(32), ''])('asks for nothing by what is no id: %s', async (id) => {
    const ended = await run(['forget', one, id], {})
    expect(ended).toMatchObject({ exitCode: 2, stdout: '' })
    expect(service?.responses).toEqual([])
  })
})
