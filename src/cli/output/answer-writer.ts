import type { AgentEvent } from '../../core/events.ts'
import { ServiceError } from '../../core/errors.ts'
import type { JsonValue } from '../../core/json.ts'
import type { OutputFormat } from '../options.ts'
import type { Terminal } from '../terminal.ts'
import { CollectedAnswer } from './collected-answer.ts'
import { eventJson } from './event-json.ts'
import { plainText } from './plain-text.ts'
import { createProgress } from './progress.ts'
import { renderMarkdown } from './rendered-markdown.ts'
import { csvTable, markdownTable, tableJson, textTable } from './tables.ts'

export interface AnswerWriterOptions {
  readonly terminal: Terminal
  readonly format: OutputFormat
  readonly quiet: boolean
  readonly previewLines: number
  readonly tableRows: number
  readonly model: { readonly id: string; readonly scripted: boolean }
  /** Keeps a picture or file of the answer and returns its path. */
  save(artifact: Extract<AgentEvent, { type: 'artifact' }>['artifact']): Promise<string>
}

const scriptedLabel =
  'Scripted answer of the demo model: its words were written in advance, its numbers are computed now.'

/** Writes one run: its steps to standard error while they happen, its answer to standard output when it is whole. */
export function createAnswerWriter(options: AnswerWriterOptions) {
  const { terminal, format, model } = options
  const answer = new CollectedAnswer()
  const paths: { readonly name: string; readonly mediaType: string; readonly path: string }[] = []
  const progress = options.quiet ? () => {} : createProgress(terminal.error, { previewLines: options.previewLines })
  const streams = format === 'stream-json'
  const writeLine = (value: JsonValue): void => terminal.out.write(`${JSON.stringify(value)}\n`)
  if (streams) writeLine({ type: 'start', model: model.id, scripted: model.scripted })

  return {
    answer,
    paths,
    async take(event: AgentEvent): Promise<void> {
      const commentary = answer.take(event)
      if (commentary !== null && !options.quiet) {
        terminal.error.write(`${terminal.error.style('dim', plainText(commentary))}\n`)
      }
      progress(event)
      let path: string | null = null
      if (event.type === 'artifact') {
        path = await options.save(event.artifact)
        paths.push({ name: event.artifact.name, mediaType: event.artifact.mediaType, path })
      }
      if (streams) writeLine(eventJson(event, path))
    },
    /** Writes the answer. Throws `not-found` where a table was asked for and the run made none. */
    async finish(): Promise<void> {
      if (format === 'json') writeLine(answerJson(answer, { model, paths }))
      else if (!streams) await finishForPeople(answer, { ...options, paths: paths.map(({ path }) => path) })
    },
  }
}

type Facts = AnswerWriterOptions & { readonly paths: readonly string[] }

async function finishForPeople(answer: CollectedAnswer, facts: Facts): Promise<void> {
  const { terminal, format } = facts
  const isTableOnly = format === 'csv' || format === 'table'
  const words = isTableOnly ? terminal.error : terminal.out
  const text = plainText(answer.text)
  if (text !== '') {
    if (facts.model.scripted) words.write(`${words.style('yellow', `[${scriptedLabel}]`)}\n\n`)
    words.write(format === 'text' ? await renderMarkdown(text, words) : `${text}\n`)
  }
  const ending = answer.end
  if (ending !== null && ending.message !== null) terminal.error.write(`${plainText(ending.message)}\n`)
  // A run that ended early has no result: rows it fetched on the way would look like one.
  if (answer.ending === 'answer') writeTable(answer, facts)
  for (const path of facts.paths) {
    words.write(format === 'markdown' ? `\n![chart](${path})\n` : `\nChart: ${path}\n`)
  }
}

function writeTable(answer: CollectedAnswer, { terminal, format, tableRows }: Facts): void {
  const { table } = answer
  if (table === null) {
    if (format !== 'csv' && format !== 'table') return
    throw new ServiceError('not-found', `the answer holds no table, so there is nothing to write as ${format}`, {
      advice: 'Ask for a table, or leave out --output.',
    })
  }
  if (format === 'csv') return terminal.out.write(csvTable(table))
  if (format === 'table') return terminal.out.write(textTable(table, tableRows))
  // An answer that quotes the table in its own text says it once.
  if (/^\s*\|.*\|\s*$/m.test(answer.text)) return
  terminal.out.write(`\n${format === 'markdown' ? markdownTable(table, tableRows) : textTable(table, tableRows)}`)
}

interface JsonFacts {
  readonly model: AnswerWriterOptions['model']
  readonly paths: readonly { readonly name: string; readonly mediaType: string; readonly path: string }[]
}

function answerJson(answer: CollectedAnswer, { model, paths }: JsonFacts): JsonValue {
  const { end } = answer
  return {
    answer: answer.text,
    ending: end?.ending ?? 'failed',
    message: end?.message ?? null,
    code: end?.code ?? null,
    model: model.id,
    scripted: model.scripted,
    steps: answer.steps.map(({ tool, kind, milliseconds, ranIn, message }) => ({
      tool,
      kind,
      milliseconds,
      ran_in: ranIn,
      message,
    })),
    tables: answer.tables.map(tableJson),
    artifacts: paths.map(({ name, mediaType, path }) => ({ name, media_type: mediaType, path })),
    usage: { input_tokens: end?.usage.inputTokens ?? 0, output_tokens: end?.usage.outputTokens ?? 0 },
    milliseconds: end?.milliseconds ?? null,
  }
}
