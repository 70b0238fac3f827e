import { ServiceError } from '../../../src/core/errors.ts'
import type { ExecutionAnswer, ExecutionReceived, ExecutionRequest } from '../../../src/core/execution.ts'
import type { ExecutionService, SessionFiles } from '../../../src/surfaces/executions.ts'
import type { SandboxService } from '../../../src/surfaces/e2b/sandbox-service.ts'
import type { SessionSummary } from '../../../src/sessions/session-entry.ts'
import { cellResult } from '../sandbox/cell-result.ts'

/** Sandboxes that run nothing: they record what would run, and hold files by their paths. */
export class ProgramsInMemory implements ExecutionService, SessionFiles {
  readonly ran: (ExecutionRequest & { readonly received: ExecutionReceived })[] = []
  readonly held = new Map<string, Buffer>()
  readonly open = new Map<string, string>()
  readonly #play: (asked: ExecutionRequest, signal: AbortSignal) => Promise<Partial<ExecutionAnswer>>

  constructor(
    play: (asked: ExecutionRequest, signal: AbortSignal) => Promise<Partial<ExecutionAnswer>> = async () => ({}),
  ) {
    this.#play = play
  }

  async run(received: ExecutionReceived, asked: ExecutionRequest, signal: AbortSignal): Promise<ExecutionAnswer> {
    this.ran.push({ ...asked, received })
    const played = await this.#play(asked, signal)
    const plain = { kind: 'result', cell: cellResult({}), files: [], missing: [], ranIn: '', renewed: null } as const
    return { ...plain, ...played } as ExecutionAnswer
  }

  async putFile(_received: ExecutionReceived, path: string, content: AsyncIterable<Uint8Array>) {
    const pieces: Uint8Array[] = []
    for await (const piece of content) pieces.push(piece)
    this.held.set(path, Buffer.concat(pieces))
    return { path, bytes: this.held.get(path)?.length ?? 0 }
  }

  async listFiles() {
    return [...this.held].map(([path, { length }]) => ({ path, bytes: length }))
  }

  async readFile(_received: ExecutionReceived, path: string) {
    const content = this.held.get(path)
    if (content === undefined) throw new ServiceError('invalid-file', 'It cannot be read.')
    return { name: path, mediaType: 'text/plain', content: content.toString('base64') }
  }

  async deleteFile(_received: ExecutionReceived, path: string): Promise<void> {
    this.held.delete(path)
  }

  /** Sessions by the ids that they are opened with, in order: s1, s2, … */
  readonly sandboxes: SandboxService = {
    longestLifetimeMilliseconds: 3_600_000,
    size: { cpus: 1, memory_mb: 1, data_mb: 1 },
    open: async ({ id: owner }) => {
      const id = `s${this.open.size + 1}`
      this.open.set(id, owner)
      return { summary: summaryOf(id), longestRunMilliseconds: 1_000 }
    },
    list: async ({ id: owner }) =>
      [...this.open].filter(([, principal]) => principal === owner).map(([id]) => summaryOf(id)),
    find: async ({ id: owner }, id) => (this.open.get(id) === owner ? summaryOf(id) : null),
    endIn: async (_principal, id) => summaryOf(id),
    close: async (_principal, id) => void this.open.delete(id),
    restart: async () => undefined,
    copyFiles: async () => undefined,
    moveFiles: async () => undefined,
  }
}

const summaryOf = (id: string): SessionSummary => ({
  id,
  openedAt: new Date(0),
  inUse: false,
  expiresAt: new Date(300_000),
  leftMilliseconds: 300_000,
  limits: {},
  usedAt: new Date(0),
  losses: 0,
})
