import { appendFile, mkdir, readdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import { decisions, type DecisionInput, type DecisionName } from './decisions.ts'

/** Keeps what rules were asked, so that it can be asked again of others. */
export type RecordQuestion = <Name extends DecisionName>(decision: Name, input: DecisionInput<Name>) => void

/** A line of a recording: the question, with the time, the spend and the counters it was asked with. */
export const recordedSchema = z.discriminatedUnion('decision', [
  z.strictObject({ decision: z.literal('grant'), input: decisions.grant.input }),
  z.strictObject({ decision: z.literal('payload'), input: decisions.payload.input }),
  z.strictObject({ decision: z.literal('action'), input: decisions.action.input }),
  z.strictObject({ decision: z.literal('content'), input: decisions.content.input }),
])

export interface RecorderOptions {
  readonly folder: string
  /** How many days are kept, today included. */
  readonly days: number
  /** Told that something could not be kept; the request goes on without. */
  readonly onFault: (error: unknown) => void
  readonly now?: () => Date
}

const fileName = /^decisions-(\d{4}-\d{2}-\d{2})\.jsonl$/
const dayMilliseconds = 86_400_000

/** Writes a file of JSON lines for each UTC day, for its owner only, and takes away those of days that are over. */
export class DecisionRecorder implements AsyncDisposable {
  readonly #options: RecorderOptions
  #lines: string[] = []
  #writing: Promise<void> | null = null
  #day = ''

  constructor(options: RecorderOptions) {
    this.#options = options
  }

  readonly record: RecordQuestion = (decision, input) => {
    this.#lines.push(JSON.stringify({ decision, input }))
    this.#writing ??= this.#write().finally(() => (this.#writing = null))
  }

  async #write(): Promise<void> {
    const { folder, days, onFault, now = () => new Date() } = this.#options
    try {
      await mkdir(folder, { recursive: true, mode: 0o700 })
      while (this.#lines.length > 0) {
        const text = `${this.#lines.splice(0).join('\n')}\n`
        const today = now()
        const day = today.toISOString().slice(0, 10)
        await appendFile(join(folder, `decisions-${day}.jsonl`), text, { mode: 0o600 })
        if (day !== this.#day) await forgetBefore(folder, new Date(today.getTime() - (days - 1) * dayMilliseconds))
        this.#day = day
      }
    } catch (error) {
      this.#lines = []
      onFault(error)
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#writing
  }
}

async function forgetBefore(folder: string, first: Date): Promise<void> {
  const day = first.toISOString().slice(0, 10)
  for (const name of await readdir(folder)) {
    const [, of] = fileName.exec(name) ?? []
    if (of !== undefined && of < day) await rm(join(folder, name), { force: true })
  }
}
