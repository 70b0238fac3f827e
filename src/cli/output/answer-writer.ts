import type { Activity, OnActivity } from '../../core/activity.ts'
import type { AgentEvent } from '../../core/events.ts'
import { type AwaitedApproval, ServiceError } from '../../core/errors.ts'
import type { JsonValue } from '../../core/json.ts'
import type { OutputFormat } from '../../config/cli-options.ts'
import type { Output, Terminal } from '../terminal.ts'
import { cellJson, tableJson } from '../../surfaces/wire/cell.ts'
import { groundingJson } from '../../surfaces/wire/grounding.ts'
import { toFindings } from '../../surfaces/wire/sql.ts'
import { CollectedAnswer, type CollectedStep } from './collected-answer.ts'
import { approvalJson, eventJson, planJson } from './event-json.ts'
import { writeDoubts, writeDoubtsAsMarkdown, writeSources } from './answer-marks.ts'
import { foldText } from './fold-text.ts'
import { LiveText } from './live-text.ts'
import { plainLine, plainText } from './plain-text.ts'
import { isPicture } from './saved-files.ts'
import { createProgress } from './progress.ts'
import { holdsTable, markdownTable } from '../../text/markdown-table.ts'
import { nameInMarkdown } from '../../text/name-in-markdown.ts'
import { csvTable, textTable } from './tables.ts'

type Artifact = Extract<AgentEvent, { type: 'artifact' }>['artifact']

interface SavedPath extends Omit<Artifact, 'content'> {
  readonly path: string
}

export interface AnswerWriterOptions {
  readonly terminal: Terminal
  readonly format: OutputFormat
  readonly quiet: boolean
  readonly previewLines: number
  readonly tableRows: number
  readonly model: { readonly id: string; readonly scripted: boolean }
  readonly onActivity: OnActivity
  /** Whose words say what of them is not borne out? A service says it behind the words of its answer; here it is written. */
  readonly doubts: 'written' | 'in the words'
  /** Keeps a picture or file of the answer and returns its path. */
  save(artifact: Artifact): Promise<string>
  /** What draws a picture where standard output goes; null where it cannot be drawn. */
  readonly draw: (artifact: Artifact) => Promise<string | null>
}

const scriptedLabel =
  'Scripted answer of the demo model: its words were written in advance, its numbers are computed now.'

/**
 * Writes one run: its steps to standard error while they happen, its answer to standard output. On a terminal the
 * words of the answer come while the model writes them; for whoever reads a pipe they come when they are whole, since
 * only then it is known that they were the answer and no remark on the way.
 */
export function createAnswerWriter(options: AnswerWriterOptions) {
  const { terminal, format, model } = options
  const answer = new CollectedAnswer()
  const paths: SavedPath[] = []
  const drawings = new Map<string, string>()
  // A file that a later step changes is saved once, as it was at the end.
  const files = new Map<string, Artifact>()
  const save = async (artifact: Artifact): Promise<string> => {
    const path = await options.save(artifact)
    const { content: _, ...facts } = artifact
    paths.push({ ...facts, path })
    return path
  }
  const progress = options.quiet ? () => {} : createProgress(terminal.error, { previewLines: options.previewLines })
  const live = format === 'text' && terminal.out.isTerminal ? new LiveText(terminal.out) : null
  const streams = format === 'stream-json'
  const waiting = createWaiting(options.onActivity)
  let isLabelled = false
  if (streams) terminal.out.writeJson({ type: 'start', model: model.id, scripted: model.scripted })
  waiting.on('the model is thinking')

  const takeText = async (event: AgentEvent): Promise<void> => {
    if (live === null) return
    if (event.type !== 'text-delta') return void (await live.end())
    if (model.scripted && !isLabelled) terminal.out.write(label(terminal.out))
    isLabelled = true
    await live.take(event.text)
  }

  return {
    answer,
    paths,
    async take(event: AgentEvent): Promise<void> {
      const commentary = answer.take(event)
      await takeText(event)
      if (commentary !== null && live === null && !options.quiet) {
        terminal.error.write(`${terminal.error.style('dim', plainText(commentary))}\n`)
      }
      progress(event)
      waiting.after(event)
      let path: string | null = null
      if (event.type === 'artifact') {
        if (streams || isPicture(event.artifact)) {
          path = await save(event.artifact)
          const drawing = format === 'text' ? await options.draw(event.artifact) : null
          if (drawing !== null) drawings.set(path, drawing)
        } else files.set(event.artifact.name, event.artifact)
      }
      if (streams) terminal.out.writeJson(eventJson(event, path))
    },
    /** Runs a task that talks with the person: the words until now end, and nothing moves. */
    async undisturbed<T>(task: () => Promise<T>): Promise<T> {
      await live?.end()
      waiting.on(null)
      try {
        return await task()
      } finally {
        waiting.on('the call is running')
      }
    },
    /** Writes the rest of the answer. Throws `not-found` where a table was asked for and the run made none. */
    async finish(): Promise<void> {
      await live?.end()
      for (const file of files.values()) await save(file)
      if (format === 'json') terminal.out.writeJson(answerJson(answer, { model, paths }))
      else if (!streams) {
        finishForPeople(answer, { ...options, isWritten: live !== null, paths, drawings })
      }
    },
    [Symbol.dispose]: () => waiting.on(null),
  }
}

/** Says what a person is waiting for while nothing comes. */
function createWaiting(onActivity: OnActivity) {
  let current: Activity | null = null
  const on = (what: string | null): void => {
    current?.[Symbol.dispose]()
    current = what === null ? null : onActivity(what)
  }
  const after = (event: AgentEvent): void => {
    if (event.type === 'tool-call') on(`${plainLine(event.tool, 60)} is running`)
    else if (event.type === 'end') on(null)
    else if (event.type === 'text-delta') on('the model is writing')
    else on('the model is thinking')
  }
  return { on, after }
}

function label(output: Output): string {
  return `${output.style('yellow', foldText(`[${scriptedLabel}]`, output.width))}\n\n`
}

interface Facts extends AnswerWriterOptions {
  readonly paths: readonly SavedPath[]
  /** What draws a picture, by its path. */
  readonly drawings: ReadonlyMap<string, string>
  /** Are the words on the terminal already? */
  readonly isWritten: boolean
}

function finishForPeople(answer: CollectedAnswer, facts: Facts): void {
  const { terminal, format } = facts
  const isTableOnly = format === 'csv' || format === 'table'
  const words = isTableOnly ? terminal.error : terminal.out
  const text = plainText(answer.text)
  if (text !== '' && !facts.isWritten) {
    if (facts.model.scripted) words.write(label(words))
    words.write(`${text}\n`)
  }
  const ending = answer.end
  if (ending !== null && ending.message !== null)
    terminal.error.write(`${foldText(plainText(ending.message), terminal.error.width)}\n`)
  if (ending?.grounding !== undefined) {
    if (facts.doubts === 'written' && format === 'markdown') writeDoubtsAsMarkdown(words, ending.grounding, text)
    else if (facts.doubts === 'written') writeDoubts(words, ending.grounding)
    if (!facts.quiet) writeSources(terminal.error, ending.grounding)
  }
  if (ending?.approval !== undefined) terminal.error.write(howToAllow(ending.approval))
  // A run that ended early has no result: rows it fetched on the way would look like one.
  if (answer.ending === 'answer') writeTable(answer, facts)
  for (const { path, ...artifact } of facts.paths) {
    const drawing = facts.drawings.get(path)
    if (drawing !== undefined) {
      words.write('\n')
      words.stream.write(drawing)
    }
    words.write(savedLine(path, artifact, format))
  }
}

/** What a person does about a call that waits for somebody. */
function howToAllow({ id, expires }: AwaitedApproval): string {
  const shown = plainLine(id, 100)
  const commands = `"sallyport approvals show ${shown}" shows all of it, "sallyport approvals allow ${shown}" lets it run once.`
  return `It waits until ${expires.toISOString()}. ${commands} Then ask the same again.\n`
}

function savedLine(
  path: string,
  { name, isMasked, ...artifact }: Omit<Artifact, 'content'>,
  format: OutputFormat,
): string {
  const masked = isMasked === true ? ' (a filter masked parts of it)' : ''
  if (isPicture(artifact)) return format === 'markdown' ? `\n![chart](${addressOf(path)})\n` : `\nChart: ${path}\n`
  if (format !== 'markdown') return `\nFile: ${path}${masked}\n`
  return `\n[${nameInMarkdown(plainLine(name, 100))}](${addressOf(path)})${masked}\n`
}

/** A path as the address of a link, which nothing in it ends: a program may call a file whatever it likes. */
function addressOf(path: string): string {
  return path.replaceAll(/[^\p{L}\p{N}/._~-]/gu, (character) =>
    [...Buffer.from(character)].map((byte) => `%${byte.toString(16).toUpperCase().padStart(2, '0')}`).join(''),
  )
}

function writeTable(answer: CollectedAnswer, { terminal, format, tableRows }: Facts): void {
  const { table } = answer
  if (table === null) {
    if (format !== 'csv' && format !== 'table') return
    throw new ServiceError('not-found', `the answer holds no table, so there is nothing to write as ${format}`, {
      advice: 'Ask for a table, or leave out --output.',
    })
  }
  const layout = { maximumRows: tableRows, width: terminal.out.width }
  if (format === 'csv') return terminal.out.writeExact(csvTable(table))
  if (format === 'table') return terminal.out.write(textTable(table, layout))
  // An answer that quotes the table in its own text says it once.
  if (holdsTable(answer.text)) return
  terminal.out.write(`\n${format === 'markdown' ? `${markdownTable(table, tableRows)}\n` : textTable(table, layout)}`)
}

/** A step with the code that ran and all that came of it. */
function stepJson({ tool, kind, source, milliseconds, ranIn, message, cell, table }: CollectedStep): JsonValue {
  return {
    tool,
    kind,
    language: source?.language ?? null,
    code: source?.text ?? null,
    duration_ms: milliseconds,
    ran_in: ranIn,
    message,
    result: cell === null ? null : cellJson(cell),
    table: table === null ? null : tableJson(table),
  }
}

interface JsonFacts {
  readonly model: AnswerWriterOptions['model']
  readonly paths: readonly SavedPath[]
}

function answerJson(answer: CollectedAnswer, { model, paths }: JsonFacts): JsonValue {
  const { end } = answer
  return {
    answer: answer.text,
    ending: end?.ending ?? 'failed',
    message: end?.message ?? null,
    code: end?.code ?? null,
    ...(end === null ? {} : approvalJson(end)),
    model: model.id,
    scripted: model.scripted,
    plan: answer.plan === null ? null : planJson(answer.plan),
    steps: answer.steps.map(stepJson),
    tables: answer.tables.map(tableJson),
    artifacts: paths.map(({ name, mediaType, path, isMasked }) => ({
      name,
      media_type: mediaType,
      path,
      masked: isMasked === true,
    })),
    usage: { input_tokens: end?.usage.inputTokens ?? 0, output_tokens: end?.usage.outputTokens ?? 0 },
    duration_ms: end?.milliseconds ?? null,
    findings: toFindings(answer.findings),
    ...(end?.grounding === undefined ? {} : { grounding: groundingJson(end.grounding, answer.offset) }),
  }
}
