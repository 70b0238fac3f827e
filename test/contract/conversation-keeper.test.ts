import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { createConversationKeeper } from '../../src/compose/conversation-keeping.ts'
import { openHistory } from '../../src/compose/open-history.ts'
import type { Config } from '../../src/config/schema.ts'
import { createConfigSchema } from '../../src/config/schema.ts'
import type { ConversationItem, RunWriter } from '../../src/core/conversations.ts'
import { fileLimitsOf } from '../../src/sessions/file-desk.ts'
import { openStorage, type OpenedStorage } from '../../src/storage/open-storage.ts'
import { sallyportHere } from '../support/cli/sallyport-here.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'
import { verifies } from '../support/verifies.ts'

const here = 'local'
let config: Config
let folder: string
let storage: OpenedStorage
beforeEach(async () => {
  folder = temporaryFolder('conversation-keeper-')
  config = createConfigSchema(folder, join(folder, 'secrets')).parse({})
  storage = await openStorage(config, { for: 'service' })
})
afterEach(() => storage[Symbol.asyncDispose]())

const said = (role: 'user' | 'assistant', content: string): ConversationItem => ({ type: 'message', role, content })

/** What a service beside the command line keeps. */
const kept = () => openHistory(config, storage)

/** Asks and answers in a conversation; a new one with a title for null. */
async function ask(question: string, conversation: string | null, principal = here): Promise<string> {
  const { conversations, files } = kept()
  const writer: RunWriter = await conversations.begin(principal, {
    conversation,
    isExclusive: true,
    model: 'analyst',
    requestId: 'r1',
    details: {},
    items: [said('user', question)],
    words: { title: question, metadata: {} },
  })
  await writer.add([said('assistant', `Answer to ${question}`)])
  const { run } = writer
  const file = { principal, name: 'a.csv', mediaType: 'text/csv', preview: null, run: run.id }
  const later = async () => ({ purpose: 'artifact', expires: null })
  const content = async function* () {
    yield Buffer.from(`x\n${question}\n`)
  }
  await files.keep({ ...file, conversation: run.conversation, later }, content(), fileLimitsOf(config.files))
  const usage = { inputTokens: 100, outputTokens: 10 }
  await writer.end('completed', { ending: 'answer', message: null, usage, steps: 1, milliseconds: 5 })
  return run.conversation
}

const filesOf = async (principal: string) => (await kept().files.list(principal, { order: 'asc', most: 9 })).length

describe('kept conversations at the command line', () => {
  it('are listed by their titles, newest first, the own ones alone', async () => {
    verifies('terminal.sessions')
    const first = await ask('How many?', null)
    const second = await ask('Which one?', null)
    await ask('Whose?', null, 'somebody')
    const keeper = createConversationKeeper(config)
    const listed = await keeper.list({ most: 9 })
    expect(listed.map(({ id, title }) => [id, title])).toEqual([
      [second, 'Which one?'],
      [first, 'How many?'],
    ])
    expect(await keeper.list({ most: 1 })).toHaveLength(1)
    expect(await keeper.lastQuestions(9)).toEqual(['How many?', 'Which one?'])
    expect(await keeper.lastQuestions(1)).toEqual(['Which one?'])
  })

  it('lose their last question, its answer and its files for good when it is taken back, and nothing else', async () => {
    verifies('terminal.undo')
    const id = await ask('First?', null)
    await ask('Second?', id)
    const keeper = createConversationKeeper(config)
    expect(await keeper.usage(id)).toEqual({ inputTokens: 200, outputTokens: 20 })
    expect(await filesOf(here)).toBe(2)
    expect(await keeper.undo(id)).toBe(true)
    const { text } = await keeper.export(id, 'md')
    expect(text).toContain('Answer to First?')
    expect(text).not.toContain('Second?')
    expect(await filesOf(here)).toBe(1)
    expect(await keeper.usage(id)).toEqual({ inputTokens: 100, outputTokens: 10 })
    expect(await keeper.undo(id)).toBe(true)
    expect(await keeper.undo(id)).toBe(false)
  })

  it('do not lose a question that is being answered', async () => {
    const id = await ask('First?', null)
    const { conversations } = kept()
    const run = { conversation: id, isExclusive: true, model: 'analyst', requestId: 'r2', details: {} }
    await using _writer = await conversations.begin(here, { ...run, items: [said('user', 'Second?')] })
    await expect(createConversationKeeper(config).undo(id)).rejects.toMatchObject({ code: 'conflict' })
  })

  it('go with their files when they are deleted', async () => {
    verifies('terminal.sessions')
    const id = await ask('First?', null)
    const keeper = createConversationKeeper(config)
    await keeper.delete(id)
    expect(await keeper.list({ most: 9 })).toEqual([])
    expect(await filesOf(here)).toBe(0)
    await expect(keeper.delete(id)).rejects.toMatchObject({ code: 'not-found' })
  })

  it('of somebody else are as ones that never were', async () => {
    const id = await ask('Whose?', null, 'somebody')
    const keeper = createConversationKeeper(config)
    const none = { code: 'not-found', message: `There is no conversation "${id}".` }
    await expect(keeper.show(id)).rejects.toMatchObject(none)
    await expect(keeper.export(id, 'md')).rejects.toMatchObject(none)
    await expect(keeper.usage(id)).rejects.toMatchObject(none)
    await expect(keeper.undo(id)).rejects.toMatchObject(none)
    await expect(keeper.delete(id)).rejects.toMatchObject(none)
    expect(await filesOf('somebody')).toBe(1)
  })

  it('are shown, exported and deleted by commands', async () => {
    verifies('terminal.sessions')
    const id = await ask('How many?', null)
    const environment = {
      HOME: folder,
      SALLYPORT_STATE_DIRECTORY: folder,
      SALLYPORT_SECRETS_DIRECTORY: config.secrets_directory,
    }
    const command = (...words: string[]) => sallyportHere(['sessions', ...words], { environment })
    const listed = await command('list')
    expect(listed.stdout).toMatch(new RegExp(`^${id}  \\d{4}-\\d\\d-\\d\\d \\d\\d:\\d\\d\n  How many\\?\n$`))
    expect((await command('show', id)).stdout).toContain('Answer to How many?')
    const notebook = await command('export', id, '--ipynb', '--file', '-')
    expect(JSON.parse(notebook.stdout)).toMatchObject({ nbformat: 4 })
    const written = await command('export', id, '--md', '--output', 'json')
    expect(JSON.parse(written.stdout)).toMatchObject({
      id,
      format: 'md',
      path: expect.stringMatching(/\.md$/) as string,
    })
    const page = await command('export', id, '--html', '--file', '-')
    expect(page.stdout).toMatch(/^<!doctype html>[\s\S]*<p>Answer to How many\?/)
    expect((await command('export', id, '--html', '--md')).code).toBe(2)
    expect((await command('delete', id)).stdout).toBe(`Deleted ${id}.\n`)
    expect((await command('list')).stdout).toBe('No conversation is kept.\n')
    expect(await command('show', id)).toMatchObject({ code: 2, stdout: '' })
  })
})
