import type { Artifact, CellResult } from '../../../src/core/result.ts'
import type { Language, Vetted } from '../../../src/core/vetted.ts'
import type { Sandbox } from '../../../src/sandbox/sandbox.ts'
import type { Validator } from '../../../src/validators/validator.ts'
import { cellResult } from './cell-result.ts'

/** A sandbox that runs nothing: records what it was given and gives prepared answers. */
export class RecordingSandbox implements Sandbox {
  readonly id = 'recording'
  readonly driver: string
  readonly missingWalls: readonly string[] = []
  readonly ran: string[] = []
  readonly uploaded = new Map<string, string>()
  alive = true
  disposed = 0
  readonly #play: (code: string) => Partial<CellResult>

  constructor(play: (code: string) => Partial<CellResult> = () => ({}), driver = 'recording') {
    this.#play = play
    this.driver = driver
  }

  async run(code: Vetted<'python' | 'javascript' | 'shell'>): Promise<CellResult> {
    this.ran.push(code.text)
    const result = cellResult(this.#play(code.text))
    this.alive = result.sessionAlive
    return result
  }

  readonly files = {
    put: async (path: string, content: AsyncIterable<Uint8Array>): Promise<Artifact> => {
      const chunks: Uint8Array[] = []
      for await (const chunk of content) chunks.push(chunk)
      const whole = Buffer.concat(chunks)
      this.uploaded.set(path, whole.toString('utf8'))
      return { path, bytes: whole.byteLength }
    },
    list: async (): Promise<readonly Artifact[]> => [],
    get: (path: string): AsyncIterable<Uint8Array> =>
      ReadableStream.from([Buffer.from(this.uploaded.get(path) ?? '', 'base64')]),
    delete: async (): Promise<void> => undefined,
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.alive = false
    this.disposed += 1
  }
}

/** Accepts every source but those that hold `forbidden`. Makes what no validator has made: for tests without one only. */
export function stubValidator<L extends Language>(language: L, forbidden = 'FORBIDDEN'): Validator<L> {
  return {
    language,
    validate: async (source) =>
      source.includes(forbidden)
        ? { kind: 'refused', findings: [{ rule: 'stub/forbidden', line: 1, column: 1, message: 'that is forbidden' }] }
        : { kind: 'accepted', value: { language, text: source } as unknown as Vetted<L> },
  }
}
