import type { AnswerArtifact } from './events.ts'
import type { ProgramLanguage } from './languages.ts'
import type { Taint } from './provenance.ts'
import type { Received } from './request.ts'
import type { CellResult } from './result.ts'
import type { Finding } from './verdict.ts'

/** A request about a program that its caller brought, before anything of it is checked. */
export interface ExecutionReceived extends Pick<Received, 'requestId' | 'channel' | 'credential'> {
  /** The session whose variables and files it finds; null for one that ends with the request. */
  readonly sessionId: string | null
}

/** A program that a caller brought. */
export interface ExecutionRequest {
  readonly language: ProgramLanguage
  readonly code: string
  /** Wall time; null for the default. More than the caller's ceiling is refused. */
  readonly timeoutMilliseconds: number | null
  /** May it begin with less where no more is left of its caller's limits? Absent, as long as nobody named its wall time. */
  readonly takesLess?: boolean
  /** Are the files wanted that it makes? */
  readonly bringsFiles: boolean
  /** Called with pieces of its output as they may leave, in order of each stream. Must not throw. */
  readonly onOutput?: (stream: 'stdout' | 'stderr', text: string) => void
}

/** What became of it; everything has passed the output filters. */
export type ExecutionAnswer =
  | { readonly kind: 'refused'; readonly findings: readonly Finding[] }
  | {
      readonly kind: 'result'
      readonly cell: CellResult
      /** Files that it made or changed, by their paths below `/mnt/data`. */
      readonly files: readonly AnswerArtifact[]
      /** A sentence for each file that is missing, and why. */
      readonly missing: readonly string[]
      /** `gVisor (docker)`. */
      readonly ranIn: string
      /** Where the session's sandbox was lost before this program began, what that has cost. */
      readonly renewed: string | null
      /** What its output and its files were made of: all that its sandbox has had. Absent where nobody has followed it. */
      readonly origins?: readonly Taint[]
    }
