import { endWithParent } from '../../../processes/end-with-parent.ts'
import { createExaminer, type Examination, type ExamineProfile, type Known } from '../postgresql/examine.ts'
import { ParserCrash } from '../postgresql/grammar/parse.ts'
import { examineMysql, type MysqlExamination, type MysqlProfile } from '../mysql/examine.ts'

/** What a statement is examined under; PostgreSQL's has no dialect. */
export type AnyProfile = ExamineProfile | MysqlProfile
export type AnyExamination = Examination | MysqlExamination

/** What the process receives: a profile once, then statements to examine under it. */
export type WorkerRequest =
  | { readonly kind: 'profile'; readonly key: string; readonly profile: AnyProfile }
  | ({ readonly kind: 'examine'; readonly id: number; readonly key: string; readonly source: string } & Known)

export type WorkerReply =
  | { readonly kind: 'ready' }
  | {
      readonly kind: 'examined'
      readonly id: number
      /** JSON of an `AnyExamination`: one text takes a third of the time that its many small parts take on the way. */
      readonly examination: string
      readonly residentBytes: number
    }
  | { readonly kind: 'crashed'; readonly id: number }

type Examine = (source: string, known?: Known) => AnyExamination

function send(reply: WorkerReply, then?: () => void): void {
  process.send?.(reply, undefined, undefined, then)
}

/** Process of the gate: answers `examine` messages one after another. After a crash of the parser it ends itself. */
function serve(): void {
  endWithParent()
  const profiles = new Map<string, Promise<Examine>>()
  process.on('message', (request: WorkerRequest) => {
    if (request.kind === 'profile') {
      const made = examinerOf(request.profile)
      profiles.set(request.key, made)
      made.then(() => send({ kind: 'ready' }), fail)
    } else void answer(request, profiles.get(request.key))
  })
  process.on('disconnect', () => process.exit(0))
}

async function examinerOf(profile: AnyProfile): Promise<Examine> {
  return 'dialect' in profile ? (source) => examineMysql(source, profile) : createExaminer(profile)
}

async function answer(request: WorkerRequest & { kind: 'examine' }, profile: Promise<Examine> | undefined) {
  try {
    if (profile === undefined) throw new ParserCrash('no such profile')
    const examination = JSON.stringify((await profile)(request.source, request))
    send({ kind: 'examined', id: request.id, examination, residentBytes: process.memoryUsage.rss() })
  } catch {
    // A stack overflow or a damaged parser: nothing this process says after it can be relied on.
    send({ kind: 'crashed', id: request.id }, fail)
  }
}

function fail(): void {
  process.exit(70)
}

serve()
