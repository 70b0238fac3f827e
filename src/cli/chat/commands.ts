import { ServiceError } from '../../core/errors.ts'
import { costOf } from '../../core/price.ts'
import { exportFormats } from '../../service/conversation-keeper.ts'
import { closest } from '../../text/closest.ts'
import { writeSqlAnswer } from '../commands/sql.ts'
import { writeExport } from '../commands/sessions.ts'
import { sourceText } from '../commands/sql-describe.ts'
import { foldText } from '../output/fold-text.ts'
import { plainLine, plainText } from '../output/plain-text.ts'
import { waitFor } from '../wait-for.ts'
import type { ChatSession } from './chat-session.ts'

export interface ChatCommand {
  /** What may stand behind its name: `[FILE]`. */
  readonly takes: string
  readonly about: string
  run(session: ChatSession, argument: string): Promise<void> | void
}

/** What a line that begins with a slash does; the others are questions. */
export const chatCommands: Readonly<Record<string, ChatCommand>> = {
  '/data': {
    takes: '[FILE]',
    about: 'what the source holds; with FILE, a file for the next question',
    run: data,
  },
  '/files': { takes: '', about: 'files that were given, and those that came of it', run: files },
  '/sql': { takes: '[SELECT …]', about: 'the SQL of the last answer; with a statement, its rows', run: sql },
  '/code': { takes: '', about: 'the programs of the last answer', run: code },
  '/replay': {
    takes: '',
    about: 'run again what ran in it, in a new sandbox: variables of before are there then',
    run: async (session) => void (await session.replay()),
  },
  '/undo': { takes: '', about: 'take the last question back, with its answer', run: undo },
  '/export': { takes: '[ipynb|md] [FILE]', about: 'write all of it as a notebook, or as Markdown', run: exportAll },
  '/cost': { takes: '', about: 'what it has used until now', run: cost },
  '/model': { takes: '[NAME]', about: 'the model that answers; with NAME, another one', run: model },
  '/new': { takes: '', about: 'begin another conversation, in a sandbox of its own', run: renew },
  '/help': { takes: '', about: 'this', run: help },
  '/exit': { takes: '', about: 'leave (Ctrl-D too); "sallyport -c" goes on', run: () => undefined },
}

/** The command that a text is, with what stands behind it; null for a question, which may begin with a path. */
export function readCommand(text: string): { readonly name: string; readonly argument: string } | null {
  const [, name, argument = ''] = /^(\/[A-Za-z][\w-]*)(?:[ \t]([^\n]*))?$/.exec(text) ?? []
  return name === undefined ? null : { name: name === '/quit' ? '/exit' : name, argument: argument.trim() }
}

/** A misspelt command must not become a question that is paid for. */
export function unknownCommand(name: string): string {
  const near = closest(name, Object.keys(chatCommands))
  const hint = near === null ? '/help lists the commands' : `did you mean ${near}?`
  return `There is no command ${plainLine(name, 40)}; ${hint}\n`
}

/** From so many places a line on, a command and what it does stand on one. */
const wideEnough = 100

function help(session: ChatSession): void {
  const isNarrow = (session.parts.context.terminal.error.width ?? wideEnough) < wideEnough
  const lines = Object.entries(chatCommands).map(([name, { takes, about }]) => {
    const typed = `  ${name} ${takes}`.trimEnd()
    return isNarrow ? `${typed}\n      ${about}\n` : `${typed.padEnd(28)}${about}\n`
  })
  say(
    session,
    `Ask in plain words; several pasted lines are one question. What the code defined stays for the next question.
${lines.join('')}Ctrl-C cancels the answer under way; twice leaves. Up and down find earlier questions.
`,
  )
}

/** Words about the conversation, beside its answers. */
function say({ parts }: ChatSession, text: string): void {
  const { error } = parts.context.terminal
  error.write(foldText(text, error.width))
}

async function data(session: ChatSession, path: string): Promise<void> {
  const { context, sallyport } = session.parts
  const { error } = context.terminal
  if (path !== '') {
    for (const { name, bytes, warning } of await session.give(path)) {
      error.write(`${plainLine(name, 100)}, ${bytes.toLocaleString('en')} bytes: given with the next question.\n`)
      if (warning !== null) error.write(`${plainLine(warning, 400)}\n`)
    }
    return
  }
  const request = { source: session.source, group: null }
  const described = await waitFor(context, 'reading the schema', (signal) => sallyport.describeSource(request, signal))
  const { out } = context.terminal
  out.write(foldText(sourceText(described), out.width))
}

function files({ parts, files: { given, saved } }: ChatSession): void {
  const { out, error } = parts.context.terminal
  if (given.length + saved.length === 0) error.write('No file yet; /data FILE gives one.\n')
  for (const { name, bytes } of given)
    out.write(`given: ${plainLine(name, 100)}, ${bytes.toLocaleString('en')} bytes\n`)
  for (const path of saved) out.write(`made: ${plainLine(path, 400)}\n`)
}

async function sql(session: ChatSession, statement: string): Promise<void> {
  if (statement === '') return writeSources(session, (language) => language === 'sql', 'SQL')
  const { context, sallyport, config } = session.parts
  const { source } = session
  const answer = await waitFor(context, `asking ${source ?? 'the database'}`, (signal) =>
    sallyport.runSql(statement, { source }, signal),
  )
  writeSqlAnswer(context.terminal, answer, { format: 'text', tableRows: config.cli.table_rows })
}

function code(session: ChatSession): void {
  writeSources(session, (language) => language !== 'sql', 'program')
}

function writeSources({ parts, steps }: ChatSession, isMeant: (language: string) => boolean, what: string): void {
  const { out, error } = parts.context.terminal
  const sources = steps.flatMap(({ source }) => (source !== null && isMeant(source.language) ? [source] : []))
  if (sources.length === 0) error.write(`No ${what} ran for the last answer here, or it may not be shown.\n`)
  for (const [index, { text }] of sources.entries())
    out.write(`${index === 0 ? '' : '\n'}${plainText(text).trimEnd()}\n`)
}

async function undo(session: ChatSession): Promise<void> {
  await session.undo()
  say(session, 'The last question is taken back. What its programs did to variables and files stays.\n')
}

async function exportAll(session: ChatSession, argument: string): Promise<void> {
  const { context, conversations } = session.parts
  if (session.conversation === null) {
    throw new ServiceError('not-found', 'There is nothing to export yet', { advice: 'Ask something first.' })
  }
  const [first = '', ...rest] = argument.split(/\s+/)
  const named = exportFormats.find((format) => format === first)
  const path = (named === undefined ? argument : rest.join(' ')).trim()
  const format = named ?? exportFormats.find((each) => path.endsWith(`.${each}`)) ?? 'ipynb'
  const file = await conversations.export(session.conversation, format)
  const place = { file: path === '' ? null : path, workingDirectory: context.workingDirectory }
  context.terminal.out.write(`${await writeExport(file, place)}\n`)
}

function cost({ parts, used: { questions, usage } }: ChatSession): void {
  const { inputTokens, outputTokens } = usage
  const [taken, written] = [inputTokens, outputTokens].map((count) => count.toLocaleString('en'))
  // What a service pays is not known here.
  const price = parts.isElsewhere ? undefined : parts.config.model.price
  const money = price === undefined ? '' : `, about ${(costOf(usage, price) / 1_000_000).toFixed(4)} by model.price`
  const asked = `${questions} ${questions === 1 ? 'question' : 'questions'} here`
  parts.context.terminal.out.write(`${asked}; ${taken} tokens read, ${written} written in all of it${money}.\n`)
}

async function model(session: ChatSession, name: string): Promise<void> {
  const { parts } = session
  const { out } = parts.context.terminal
  if (name !== '') {
    await session.changeModel(name)
    say(session, 'Variables and files of programs are gone with the former sandbox; what was said stays.\n')
  }
  const { id, scripted } = parts.sallyport.model()
  out.write(`${plainLine(id, 200)}${scripted ? ' (scripted)' : ''}\n`)
}

function renew(session: ChatSession): void {
  session.renew()
  say(session, 'A new conversation.\n')
}
