import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { ServiceError } from '../../../../src/core/errors.ts'
import { end } from '../../../support/agent-events.ts'
import { createFakeSallyport, runCommand } from '../../../support/cli/fake-sallyport.ts'
import { verifies } from '../../../support/verifies.ts'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'sallyport-chat-'))
})
afterEach(() => rmSync(folder, { recursive: true }))

const events = [{ type: 'text-delta' as const, step: 1, text: 'Forty-two.' }, end()]

type Fake = ReturnType<typeof createFakeSallyport>

const person = { inputIsTerminal: true } as const

/** Lines that a person types, one after the other. */
const type = (lines: string, fake: Fake, words: readonly string[] = []) =>
  runCommand(words, {
    sallyport: fake.sallyport,
    workingDirectory: folder,
    typed: lines.split('\n').slice(0, -1),
    ...person,
  })

/** Text that arrives at once. */
const paste = (input: string, fake: Fake) =>
  runCommand([], { sallyport: fake.sallyport, workingDirectory: folder, input, ...person })

const questions = ({ asked }: Fake) => asked.map(({ received }) => received.messages.at(-1)?.content)

describe('a conversation', () => {
  it('keeps its session and what was said before', async () => {
    const fake = createFakeSallyport({ events })
    const { exitCode, stdout } = await type('How many?\n\nAnd now?\n/exit\nnever asked\n', fake)
    expect(exitCode).toBe(0)
    expect(stdout).toBe('Forty-two.\nForty-two.\n')
    const [first, second] = fake.asked.map(({ received }) => received)
    expect(second?.sessionId).toBe(first?.sessionId)
    expect(second?.messages.map(({ role, content }) => `${role}: ${content}`)).toEqual([
      'user: How many?',
      'assistant: Forty-two.',
      'user: And now?',
    ])
    expect(fake.asked).toHaveLength(2)
    expect(fake.disposed()).toBe(1)
  })

  it('starts a new conversation with /new, and explains itself with /help', async () => {
    const fake = createFakeSallyport({ events })
    const { stderr } = await type('One?\n/new\n/help\nTwo?\n', fake)
    const [first, second] = fake.asked.map(({ received }) => received)
    expect(second?.sessionId).not.toBe(first?.sessionId)
    expect(second?.messages).toHaveLength(1)
    expect(stderr).toContain('/exit   leave')
  })

  it('hands its files over with the first question of a session', async () => {
    writeFileSync(join(folder, 'a.csv'), 'x\n1\n')
    const fake = createFakeSallyport({ events })
    await type('One?\nTwo?\n/new\nThree?\n', fake, ['--data', join(folder, 'a.csv')])
    expect(fake.asked.map(({ files }) => files.length)).toEqual([1, 0, 1])
  })

  it('goes on after a fault', async () => {
    const fake = createFakeSallyport({ fault: new ServiceError('model-unavailable', 'nothing answers') })
    const { exitCode, stderr } = await type('One?\nTwo?\n', fake)
    expect(exitCode).toBe(0)
    expect(stderr.split('The model does not answer: nothing answers')).toHaveLength(3)
  })

  it('says which questions a scripted model knows', async () => {
    const { stderr } = await type('', createFakeSallyport({ scripted: true }))
    expect(stderr).toContain('(scripted)')
    expect(stderr).toContain('  First?\n  Second?\n')
  })

  it('takes several pasted lines for one question', async () => {
    verifies('chat.paste')
    const fake = createFakeSallyport({ events })
    await paste('Compare these:\n\n  a 1\n  b 2\nWhich is larger?\n', fake)
    expect(questions(fake)).toEqual(['Compare these:\n\n  a 1\n  b 2\nWhich is larger?'])
  })

  it('takes a pasted command among other lines for a part of the question', async () => {
    const fake = createFakeSallyport({ events })
    await paste('What does this do?\n/exit\n', fake)
    expect(questions(fake)).toEqual(['What does this do?\n/exit'])
  })

  it.each(['/bogus', '/hlep', '/new-session now', '/Exit'])(
    'takes %s for a command that is not there, not for a question',
    async (line) => {
      const fake = createFakeSallyport({ events })
      const { stderr } = await type(`${line}\n`, fake)
      expect(fake.asked).toEqual([])
      expect(stderr).toContain(`There is no command ${line.split(' ')[0]}; `)
    },
  )

  it('names the command that was meant', async () => {
    const { stderr } = await type('/hlep\n', createFakeSallyport({ events }))
    expect(stderr).toContain('There is no command /hlep; did you mean /help?')
  })

  it('takes a text that begins with a path for a question', async () => {
    const fake = createFakeSallyport({ events })
    await type('/mnt/data/a.csv has how many rows?\n', fake)
    expect(questions(fake)).toEqual(['/mnt/data/a.csv has how many rows?'])
  })
})
