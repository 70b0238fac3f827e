import { randomUUID } from 'node:crypto'
import type { OutputFormat } from '../../config/cli-options.ts'
import type { ApprovedCalls } from '../../core/approvals.ts'
import { ServiceError } from '../../core/errors.ts'
import type { TokenUsage } from '../../core/events.ts'
import type { Person } from '../approval-question.ts'
import { answerQuestion, type Answered } from '../commands/answering.ts'
import { dataLimits, openDataFiles, refuseTogether, type DataFile } from '../data-files.ts'
import { plainLine } from '../output/plain-text.ts'
import type { CollectedStep } from '../output/collected-answer.ts'
import type { ChatParts } from './chat-parts.ts'

export interface ChatSessionOptions {
  /** Given with the first question of every conversation. */
  readonly files: readonly DataFile[]
  readonly source: string | null
  /** Where charts and files are saved, relative to the working directory. */
  readonly saveDirectory: string
  /** Null where nobody is to be asked. */
  readonly person: Person | null
  /** Which calls they are asked about beside those of rules. */
  readonly calls: ApprovedCalls
  /** The most an answer may cost, in millionths of the currency of prices; null where nobody says. */
  readonly maximumCost: number | null
}

/** Longest title of a conversation, in characters. */
const titleLength = 80
const nothing: TokenUsage = { inputTokens: 0, outputTokens: 0 }

/** One conversation at a terminal: what it knows between its questions. */
export class ChatSession {
  readonly parts: ChatParts
  readonly #options: ChatSessionOptions
  /** The sandbox whose variables and files its programs meet. */
  #sandboxSession = randomUUID()
  #conversation: string | null = null
  /** Files that the sandbox has not been given yet. */
  #waiting: readonly DataFile[]
  #files: readonly DataFile[]
  #saved: string[] = []
  #steps: readonly CollectedStep[] = []
  #usage = nothing
  #questions = 0

  constructor(parts: ChatParts, options: ChatSessionOptions) {
    this.parts = parts
    this.#options = options
    this.#waiting = options.files
    this.#files = options.files
  }

  /** The conversation as it is kept; null before its first question. */
  get conversation(): string | null {
    return this.#conversation
  }

  /** Files that were given to it, and the paths of those that came of it here. */
  get files(): { readonly given: readonly DataFile[]; readonly saved: readonly string[] } {
    return { given: this.#files, saved: this.#saved }
  }

  /** What ran for the last answer. */
  get steps(): readonly CollectedStep[] {
    return this.#steps
  }

  /** What its questions have used, those before it was resumed included, and those that were taken back. */
  get used(): { readonly questions: number; readonly usage: TokenUsage } {
    return { questions: this.#questions, usage: this.#usage }
  }

  get source(): string | null {
    return this.#options.source
  }

  /** Has the files that it begins with where its programs will run. Rejects with what a service has against one. */
  async begin(): Promise<void> {
    await this.parts.bring(this.#files, this.#sandboxSession)
  }

  /** Forgets all of it, and begins another one with the same files. */
  renew(): void {
    this.#conversation = null
    this.#begin(this.#options.files)
    this.#usage = nothing
    this.#questions = 0
  }

  /** Goes on with a kept one, in a sandbox of its own: variables and files of its programs are not there any more. */
  async resume(id: string): Promise<string | null> {
    const { conversations } = this.parts
    const { title } = await conversations.show(id)
    this.renew()
    this.#usage = (await conversations.usage(id)) ?? nothing
    this.#conversation = id
    return title
  }

  /** Gives it a file with the next question. Throws `invalid-file`. */
  async give(path: string): Promise<readonly DataFile[]> {
    const limits = dataLimits(this.parts.config)
    const added = await openDataFiles([path], limits)
    refuseTogether([...this.#files, ...added], limits)
    await this.parts.bring(added, this.#sandboxSession)
    this.#files = [...this.#files, ...added]
    this.#waiting = [...this.#waiting, ...added]
    return added
  }

  async ask(text: string): Promise<Answered> {
    const { saveDirectory, person, calls, source, maximumCost } = this.#options
    const answered = await answerQuestion(
      this.parts,
      {
        messages: [{ role: 'user', content: text }],
        files: this.#waiting,
        dataSource: source,
        sessionId: this.#sandboxSession,
        approved: calls,
        ...(maximumCost === null ? {} : { maximumCost }),
        keep: {
          conversation: this.#conversation,
          words: { title: plainLine(text, titleLength), metadata: {} },
          onRun: ({ conversation }) => {
            this.#conversation = conversation
            this.#questions += 1
          },
        },
      },
      { format: 'text', quiet: false, saveDirectory, person },
    )
    this.#take(answered)
    const { inputTokens, outputTokens } = answered.usage
    this.#usage = {
      inputTokens: this.#usage.inputTokens + inputTokens,
      outputTokens: this.#usage.outputTokens + outputTokens,
    }
    return answered
  }

  /**
   * Runs again what ran in this conversation, in a sandbox with the files that were given and nothing else: what programs defined is there afterwards, as far
   * as each came to what it came to before. Rejects with `not-found` where nothing has run.
   */
  async replay(format: OutputFormat = 'text'): Promise<Answered> {
    const { saveDirectory, person, calls, source } = this.#options
    const replays = this.#conversation
    if (replays === null) {
      throw new ServiceError('not-found', 'Nothing has run in this conversation yet', { advice: 'Ask something.' })
    }
    const answered = await answerQuestion(
      this.parts,
      {
        messages: [{ role: 'user', content: 'Run again what ran in this conversation.' }],
        files: this.#waiting,
        dataSource: source,
        sessionId: this.#sandboxSession,
        approved: calls,
        replays,
      },
      { format, quiet: false, saveDirectory, person },
    )
    this.#take(answered)
    return answered
  }

  /** Takes the last question back, with its answer. Throws `not-found` where there is none. */
  async undo(): Promise<void> {
    const id = this.#conversation
    if (id === null || !(await this.parts.conversations.undo(id))) {
      throw new ServiceError('not-found', 'There is no question to take back', { advice: 'Ask one.' })
    }
    this.#steps = []
  }

  async changeModel(name: string): Promise<void> {
    await this.parts.changeModel(name)
    this.#begin(this.#files)
  }

  #take({ saved, steps }: Answered): void {
    this.#waiting = []
    this.#saved.push(...saved)
    this.#steps = steps
  }

  #begin(files: readonly DataFile[]): void {
    this.#sandboxSession = randomUUID()
    this.#files = files
    this.#waiting = files
    this.#steps = []
  }
}
