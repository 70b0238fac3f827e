import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { chatCommands } from '../../../../src/cli/chat/commands.ts'
import { ServiceError } from '../../../../src/core/errors.ts'
import type { Openers } from '../../../../src/cli/openers.ts'
import { end } from '../../../support/agent-events.ts'
import { createFakeSallyport, keptConversation, runCommand } from '../../../support/cli/fake-sallyport.ts'
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
    openers: fake.openers,
    workingDirectory: folder,
    typed: lines.split('\n').slice(0, -1),
    ...person,
  })

/** Text that arrives at once. */
const paste = (input: string, fake: Fake) =>
  runCommand([], { sallyport: fake.sallyport, workingDirectory: folder, input, ...person })

const questions = ({ asked }: Fake) => asked.map(({ received }) => received.messages.at(-1)?.content)

describe('a conversation', () => {
  it('keeps its session, and what is said in a conversation', async () => {
    const fake = createFakeSallyport({ events })
    const { exitCode, stdout } = await type('How many?\n\nAnd now?\n/exit\nnever asked\n', fake)
    expect(exitCode).toBe(0)
    expect(stdout).toBe('Forty-two.\nForty-two.\n')
    const [first, second] = fake.asked.map(({ received }) => received)
    expect(second?.sessionId).toBe(first?.sessionId)
    // What was said before is read from where it is kept.
    expect(second?.messages).toEqual([{ role: 'user', content: 'And now?' }])
    expect(first?.keep).toMatchObject({ conversation: null, words: { title: 'How many?' } })
    expect(second?.keep).toMatchObject({ conversation: keptConversation })
    expect(fake.asked).toHaveLength(2)
    expect(fake.disposed()).toBe(1)
  })

  it('starts a new conversation with /new, and explains itself with /help', async () => {
    const fake = createFakeSallyport({ events })
    const { stderr } = await type('One?\n/new\n/help\nTwo?\n', fake)
    const [first, second] = fake.asked.map(({ received }) => received)
    expect(second?.sessionId).not.toBe(first?.sessionId)
    expect(second?.keep).toMatchObject({ conversation: null })
    expect(stderr).toMatch(/\/exit +leave/)
  })

  it('hands its files over with the first question of a session', async () => {
    writeFileSync(join(folder, 'a.csv'), 'x\n1\n')
    const fake = createFakeSallyport({ events })
    await type('One?\nTwo?\n/new\nThree?\n', fake, ['--data', join(folder, 'a.csv')])
    expect(fake.asked.map(({ files }) => files.length)).toEqual([1, 0, 1])
  })

  it.each<[readonly string[], string | undefined, boolean]>([
    [[], undefined, true],
    [['--approve', 'never'], undefined, false],
    [['--approve', 'on-write'], 'on-write', true],
    [['--approve', 'always'], 'always', true],
  ])('asks the person as %j says', async (words, calls, isAsking) => {
    verifies('terminal.approve')
    const fake = createFakeSallyport({ events })
    await type('One?\n', fake, words)
    expect(fake.asked.map(({ received, isAsking: is }) => [received.approvals?.calls, is])).toEqual([[calls, isAsking]])
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

describe('a picture of an answer', () => {
  const picture = { name: 'chart.png', mediaType: 'image/png', content: Buffer.from('of a sandbox').toString('base64') }
  const withPicture = [{ type: 'artifact' as const, artifact: picture }, ...events]
  const anew = Buffer.from('drawn anew')

  async function shownWith(drawAnew: Openers['drawAnew'], changes: { colour?: boolean; TERM?: string } = {}) {
    const asked: unknown[] = []
    const draws: Openers['drawAnew'] = (given, signal) => (asked.push(given), drawAnew(given, signal))
    const fake = createFakeSallyport({ events: withPicture, drawAnew: draws })
    const { stdout } = await runCommand(['ask', 'One?'], {
      sallyport: fake.sallyport,
      openers: fake.openers,
      workingDirectory: folder,
      terminalColumns: 60,
      colour: changes.colour ?? true,
      variables: { TERM: changes.TERM ?? 'xterm-kitty' },
    })
    return { stdout, asked: asked.length }
  }

  const drawn: Openers['drawAnew'] = async () => ({
    type: 'image/png',
    width: 80,
    height: 60,
    frames: 1,
    bytes: anew,
  })

  it('stands before its path, as it was drawn anew and not as a sandbox wrote it', async () => {
    verifies('terminal.pictures')
    const { stdout } = await shownWith(drawn)
    expect(stdout).toContain(`\u001b_Ga=T,f=100,q=2,c=10,m=0;${anew.toString('base64')}\u001b\\\n\nChart: `)
    expect(stdout).not.toContain(picture.content)
  })

  it.each<[string, Openers['drawAnew'], { colour?: boolean; TERM?: string }, number]>([
    ['is none', async () => null, {}, 1],
    ['cannot be drawn here', () => Promise.reject(new ServiceError('sandbox-unavailable', 'no wall')), {}, 1],
    ['comes to a terminal that draws none', drawn, { TERM: 'xterm-256color' }, 0],
    ['comes where no colours are wanted', drawn, { colour: false }, 0],
  ])('has a path alone where it %s', async (_what, drawAnew, changes, asked) => {
    verifies('terminal.pictures')
    const shown = await shownWith(drawAnew, changes)
    expect(shown.stdout).toContain('Chart: sallyport-output/chart.png')
    expect(shown.stdout).not.toContain('\u001b_G')
    expect(shown.asked).toBe(asked)
  })
})

describe('the most an answer may cost', () => {
  it.each<[string, readonly string[]]>([
    ['of a conversation', []],
    ['of a conversation by its name', ['chat']],
    ['of a question', ['ask', 'One?']],
  ])('is in millionths of what is typed: %s', async (_what, words) => {
    verifies('terminal.cost')
    const fake = createFakeSallyport({ events })
    await type('One?\n', fake, [...words, '--max-cost', '0.05'])
    expect(fake.asked.map(({ received }) => received.maximumCost)).toEqual([50_000])
  })

  it.each(['0', '-1', '1e3', '0.0000001', 'five', ''])('is no %j', async (amount) => {
    verifies('terminal.cost')
    const fake = createFakeSallyport({ events })
    const { exitCode, stderr } = await type('One?\n', fake, ['--max-cost', amount])
    expect(exitCode).toBe(2)
    expect(stderr).toContain('It must be an amount like 0.05')
    expect(fake.asked).toEqual([])
  })
})

const facts = { id: keptConversation, title: 'How many?', made: new Date(0), used: new Date(0) }
const kept = {
  list: async () => [facts],
  show: async () => facts,
  usage: async () => ({ inputTokens: 1_000, outputTokens: 200 }),
} as const

describe('a conversation that is resumed', () => {
  it.each([['--continue'], ['-c'], ['--resume', keptConversation]])(
    'by %s goes on where it is kept',
    async (...words) => {
      const fake = createFakeSallyport({ events, conversations: kept })
      const { exitCode, stdout, stderr } = await type('And now?\n/cost\n', fake, words)
      expect(exitCode).toBe(0)
      expect(stderr).toContain(
        `Going on with ${keptConversation} "How many?". Variables and files of its programs are not`,
      )
      expect(fake.asked[0]?.received.keep).toMatchObject({ conversation: keptConversation })
      expect(stdout).toContain('1 question here; 1,010 tokens read, 205 written in all of it.')
    },
  )

  it('is the same by "sessions resume"', async () => {
    const fake = createFakeSallyport({ events, conversations: kept })
    await type('And now?\n', fake, ['sessions', 'resume', keptConversation])
    expect(fake.asked[0]?.received.keep).toMatchObject({ conversation: keptConversation })
  })

  it.each<[string, readonly string[], RegExp]>([
    ['none is kept', ['--continue'], /There is no conversation to go on with/],
    ['the id is none', ['--resume', '../x'], /That is no id of a session/],
    ['two are named', ['--continue', '--resume', keptConversation], /name two conversations/],
  ])('says so where %s', async (_what, words, message) => {
    const fake = createFakeSallyport({ events })
    const { exitCode, stderr } = await type('', fake, words)
    expect(exitCode).toBe(2)
    expect(stderr).toMatch(message)
    expect(fake.asked).toEqual([])
  })
})

describe('the commands of a conversation', () => {
  const source = (language: 'sql' | 'python', text: string) => ({ language, text })
  const ran = [
    { type: 'tool-call' as const, callId: 'a', tool: 'run_sql', source: source('sql', 'SELECT 1') },
    { type: 'tool-refusal' as const, callId: 'a', tool: 'run_sql', findings: [], message: 'No.' },
    { type: 'tool-call' as const, callId: 'b', tool: 'run_python', source: source('python', 'print(\u001b[2J1)') },
    { type: 'tool-failure' as const, callId: 'b', tool: 'run_python', message: 'No.' },
    ...events,
  ]

  it('show the SQL and the programs of the last answer, without what drives a terminal', async () => {
    verifies('terminal.commands')
    const { stdout } = await type('One?\n/sql\n/code\n', createFakeSallyport({ events: ran }))
    expect(stdout).toBe('Forty-two.\nSELECT 1\nprint(\ufffd[2J1)\n')
  })

  it('say where nothing ran', async () => {
    verifies('terminal.commands')
    const { stderr } = await type('/sql\n/code\n/files\n/export\n/undo\n', createFakeSallyport({ events }))
    expect(stderr).toContain('No SQL ran for the last answer here')
    expect(stderr).toContain('No program ran for the last answer here')
    expect(stderr).toContain('No file yet')
    expect(stderr).toContain('There is nothing to export yet')
    expect(stderr).toContain('There is no question to take back')
  })

  it('run one statement through the gate, and say why one is refused', async () => {
    verifies('terminal.commands')
    const fake = createFakeSallyport({ events })
    const { stderr } = await type('/sql SELECT 2\n', fake)
    expect(fake.statements).toEqual(['SELECT 2'])
    expect(stderr).toContain('sql/x')
    expect(fake.asked).toEqual([])
  })

  it('give a file with the next question alone, and say what is wrong with one', async () => {
    verifies('terminal.commands')
    writeFileSync(join(folder, 'a.csv'), 'x\n1\n')
    const fake = createFakeSallyport({ events })
    const path = join(folder, 'a.csv')
    const { stdout, stderr } = await type(
      `/data ${path}\n/data ${path}\n/data /nowhere.csv\nOne?\nTwo?\n/files\n`,
      fake,
    )
    expect(fake.asked.map(({ files }) => files.map(({ name }) => name))).toEqual([['a.csv'], []])
    expect(stderr).toContain('a.csv, 4 bytes: given with the next question.')
    expect(stderr).toContain('it is given twice')
    expect(stderr).toContain('/nowhere.csv: it does not exist')
    expect(stdout).toContain('given: a.csv, 4 bytes\n')
  })

  it('write the conversation as a file, and replace none', async () => {
    verifies('terminal.commands')
    const exported: string[] = []
    const file = { name: 'conversation-2026-03-02.ipynb', mediaType: 'application/x-ipynb+json', text: '{}\n' }
    const fake = createFakeSallyport({
      events,
      conversations: {
        export: async (id, format) => {
          exported.push(`${id} ${format}`)
          return file
        },
      },
    })
    const lines = [
      'One?',
      '/export',
      '/export',
      `/export md ${join(folder, 'a b.md')}`,
      `/export ${join(folder, 'a b.md')}`,
    ]
    const { stdout, stderr } = await type(`${lines.join('\n')}\n`, fake)
    expect(stdout).toContain('conversation-2026-03-02.ipynb\nconversation-2026-03-02-2.ipynb\na b.md\n')
    expect(stderr).toContain('it cannot be written (EEXIST)')
    expect(exported).toEqual(['ipynb', 'ipynb', 'md', 'md'].map((format) => `${keptConversation} ${format}`))
    expect(readFileSync(join(folder, 'a b.md'), 'utf8')).toBe('{}\n')
  })

  it('run again what ran in the conversation that goes on, in its own sandbox', async () => {
    verifies('terminal.commands')
    const fake = createFakeSallyport({ events })
    const { stderr } = await type('/replay\nOne?\n/replay\nTwo?\n', fake)
    expect(stderr).toContain('Nothing has run in this conversation yet')
    const [first, second, third] = fake.asked.map(({ received }) => received)
    expect(fake.asked).toHaveLength(3)
    expect(second).toMatchObject({ replays: keptConversation, sessionId: first?.sessionId })
    expect(second?.keep).toBeUndefined()
    expect([first?.replays, third?.replays]).toEqual([undefined, undefined])
  })

  it('take the last question back', async () => {
    verifies('terminal.commands')
    const undone: string[] = []
    const undo = async (id: string) => undone.push(id) === 1
    const { stderr } = await type('One?\n/undo\n/undo\n', createFakeSallyport({ events, conversations: { undo } }))
    expect(undone).toEqual([keptConversation, keptConversation])
    expect(stderr.split('The last question is taken back.')).toHaveLength(2)
    expect(stderr).toContain('There is no question to take back')
  })

  it('count what was used, in money where there is a price', async () => {
    verifies('terminal.commands')
    const price = ['--set', 'model.price={"input":100000000,"output":200000000}']
    const { stdout } = await type('One?\nTwo?\n/cost\n', createFakeSallyport({ events }), price)
    expect(stdout).toContain('2 questions here; 20 tokens read, 10 written in all of it, about 0.0040 by model.price.')
  })

  it('go on with another model in another sandbox, and with none but the scripted one', async () => {
    verifies('terminal.commands')
    const fake = createFakeSallyport({ events })
    const { stdout, stderr } = await type('One?\n/model\n/model other\nTwo?\n', fake)
    expect(stdout).toContain('fake\nfake\n')
    expect(stderr).toContain('Variables and files of programs are gone with the former sandbox')
    const [first, second] = fake.asked.map(({ received }) => received)
    expect(second?.sessionId).not.toBe(first?.sessionId)
    expect(second?.keep).toMatchObject({ conversation: keptConversation })
    expect(fake.disposed()).toBe(2)
    const scripted = await type('/model other\n', createFakeSallyport({ scripted: true }))
    expect(scripted.stderr).toContain('The scripted model of the demo is the only one that is configured')
  })

  it('are each in the list of /help, and in the documents', async () => {
    verifies('terminal.commands')
    const page = readFileSync(join(import.meta.dirname, '../../../../docs/terminal.md'), 'utf8')
    const { stderr } = await type('/help\n', createFakeSallyport({ events }))
    for (const name of Object.keys(chatCommands)) {
      expect(stderr).toMatch(new RegExp(`^ +${name}\\b`, 'm'))
      expect(page).toContain(`\`${name}`)
    }
  })
})
