import { randomUUID } from 'node:crypto'
import { resolve } from 'node:path'
import type { ApprovedCalls } from '../../core/approvals.ts'
import type { KeptTurn } from '../../core/conversations.ts'
import type { TokenUsage } from '../../core/events.ts'
import { ownModel } from '../../core/own-model.ts'
import type { ConversationMessage, Received } from '../../core/request.ts'
import type { Config } from '../../config/schema.ts'
import { createApprover, type ExplainStatement, type Person } from '../approval-question.ts'
import type { CommandContext } from '../context.ts'
import type { DataFile } from '../data-files.ts'
import { exitCodeOfEnd, exitCodes } from '../exit-codes.ts'
import type { OutputFormat } from '../../config/cli-options.ts'
import { createAnswerWriter } from '../output/answer-writer.ts'
import type { CollectedStep } from '../output/collected-answer.ts'
import { createDrawing } from '../output/drawing.ts'
import { withoutFormulas } from '../../text/defuse-formulas.ts'
import { saveArtifact } from '../output/saved-files.ts'
import type { Sallyport } from '../../service/sallyport.ts'

export interface Question {
  readonly messages: readonly ConversationMessage[]
  readonly files: readonly DataFile[]
  readonly dataSource: string | null
  readonly sessionId: string | null
  /** Where it is kept; absent where it is not. */
  readonly keep?: KeptTurn
  /** The conversation whose programs are run again, in the place of a question. */
  readonly replays?: string
  /** The most it may cost, in millionths of the currency of prices; absent where nobody says. */
  readonly maximumCost?: number
  /** Which calls are asked about beside those of rules; the rules' alone where it is absent. */
  readonly approved?: ApprovedCalls
  /** What is asked; the service's own model where it is absent. */
  readonly model?: string
}

export interface Presentation {
  readonly format: OutputFormat
  readonly quiet: boolean
  /** Folder for charts and files, relative to the working directory. */
  readonly saveDirectory: string
  /** Asks the person at the terminal; null where nobody is to be asked. */
  readonly person: Person | null
}

export interface Answered {
  readonly exitCode: number
  readonly text: string
  readonly charts: readonly string[]
  readonly milliseconds: number
  /** Pictures and files that came with it, as they were saved. */
  readonly saved: readonly string[]
  readonly steps: readonly CollectedStep[]
  readonly usage: TokenUsage
}

/** Nobody is waited for who does not sit at this terminal. */
function approvalsHere(calls: ApprovedCalls = 'rules'): Pick<Received, 'approvals'> {
  return calls === 'rules' ? {} : { approvals: { calls, waitMilliseconds: 0 } }
}

/** What answers questions. */
export type Answering = Pick<Sallyport, 'model' | 'answer'> &
  Partial<Pick<Sallyport, 'explainSql'>> & {
    /** Do its answers say behind their words what of them is not borne out, as those of a service do? */
    readonly saysDoubts?: boolean
  }

/** Puts one question to a composed Sallyport and writes its answer. */
export async function answerQuestion(
  { context, sallyport, config }: { context: CommandContext; sallyport: Answering; config: Config },
  question: Question,
  presentation: Presentation,
): Promise<Answered> {
  const { terminal, workingDirectory } = context
  const folder = resolve(workingDirectory, presentation.saveDirectory)
  using writer = createAnswerWriter({
    terminal,
    format: presentation.format,
    quiet: presentation.quiet,
    previewLines: config.cli.preview_lines,
    tableRows: config.cli.table_rows,
    model: sallyport.model(),
    onActivity: context.onActivity,
    doubts: sallyport.saysDoubts === true ? 'in the words' : 'written',
    save: async (artifact) =>
      saveArtifact(config.files.defuse_formulas ? await withoutFormulas(artifact) : artifact, folder, workingDirectory),
    draw: createDrawing(context),
  })
  const received: Received = {
    requestId: randomUUID(),
    channel: 'cli',
    credential: null,
    model: question.model ?? ownModel,
    messages: question.messages,
    dataSource: question.dataSource,
    sessionId: question.sessionId,
    ...(question.keep === undefined ? {} : { keep: question.keep }),
    ...(question.replays === undefined ? {} : { replays: question.replays }),
    ...(question.maximumCost === undefined ? {} : { maximumCost: question.maximumCost }),
    ...approvalsHere(question.approved),
  }
  const { person } = presentation
  const undisturbed = <T>(task: () => Promise<T>): Promise<T> => writer.undisturbed(task)
  const explainSql = sallyport.explainSql?.bind(sallyport)
  const explain: ExplainStatement | null =
    explainSql === undefined ? null : (statement, source, signal) => explainSql(statement, { source }, signal)
  const asking =
    person === null ? {} : { approver: createApprover({ error: terminal.error, person, undisturbed, explain }) }
  await context.interrupts.during(async (signal) => {
    const events = sallyport.answer(received, { files: question.files, ...asking }, signal)
    for await (const event of events) await writer.take(event)
  })
  await writer.finish()
  const { end } = writer.answer
  return {
    exitCode: end === null ? exitCodes.failure : exitCodeOfEnd(end),
    text: writer.answer.text,
    charts: writer.paths.map(({ path }) => path),
    milliseconds: end?.milliseconds ?? 0,
    saved: writer.paths.map(({ path }) => path),
    steps: writer.answer.steps,
    usage: end?.usage ?? { inputTokens: 0, outputTokens: 0 },
  }
}
