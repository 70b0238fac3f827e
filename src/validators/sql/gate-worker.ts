import { createExaminer, type Examination, type ExamineProfile } from './examine.ts'
import { loadGrammar, ParserCrash } from './parse.ts'

/** What the process is told: a profile once, then statements to examine under it. */
export type WorkerRequest =
  | { readonly kind: 'profile'; readonly key: string; readonly profile: ExamineProfile }
  | { readonly kind: 'examine'; readonly id: number; readonly key: string; readonly source: string }

export type WorkerReply =
  | { readonly kind: 'ready' }
  | {
      readonly kind: 'examined'
      readonly id: number
      readonly examination: Examination
      readonly residentBytes: number
    }
  | { readonly kind: 'crashed'; readonly id: number }

/** Process of the gate: answers `examine` messages one after another. After a crash of the parser it ends itself. */
async function serve(): Promise<void> {
  await loadGrammar()
  const profiles = new Map<string, (source: string) => Examination>()
  const send = (reply: WorkerReply, then?: () => void): void => {
    process.send?.(reply, undefined, undefined, then)
  }
  process.on('message', (request: WorkerRequest) => {
    if (request.kind === 'profile') {
      profiles.set(request.key, createExaminer(request.profile))
      return
    }
    const examine = profiles.get(request.key)
    try {
      if (examine === undefined) throw new ParserCrash('no such profile')
      const examination = examine(request.source)
      send({ kind: 'examined', id: request.id, examination, residentBytes: process.memoryUsage.rss() })
    } catch {
      // A stack overflow or a damaged parser: nothing this process says after it can be relied on.
      send({ kind: 'crashed', id: request.id }, () => process.exit(70))
    }
  })
  process.on('disconnect', () => process.exit(0))
  send({ kind: 'ready' })
}

await serve()
