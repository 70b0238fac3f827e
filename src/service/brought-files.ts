import type { AnswerArtifact } from '../core/events.ts'
import type { CellResult } from '../core/result.ts'
import type { Finding } from '../core/verdict.ts'
import { screenArtifact } from '../gateway/screen/artifact.ts'
import type { Screener } from '../gateway/screen/screener.ts'
import type { Sandbox } from '../sandbox/sandbox.ts'
import { cellFiles, type FileLimits } from '../tools/cell-files.ts'

export interface BroughtFiles {
  readonly files: readonly AnswerArtifact[]
  /** A sentence for each file that is missing, and why. */
  readonly missing: readonly string[]
  readonly findings: readonly Finding[]
}

export const noFiles: BroughtFiles = { files: [], missing: [], findings: [] }

interface BroughtFilesOptions {
  readonly limits: FileLimits
  /** May files pass that no filter can read? */
  readonly passesUnread: boolean
  readonly screener: () => Screener
  readonly signal: AbortSignal
}

/** The files that a program made, as they may leave. */
export async function broughtFiles(
  cell: CellResult,
  sandbox: Pick<Sandbox, 'files'>,
  { limits, passesUnread, screener: screenerFor, signal }: BroughtFilesOptions,
): Promise<BroughtFiles> {
  const { files, missing } = await cellFiles(cell, sandbox, { limits, isLeftOut: () => false, signal })
  const screened: AnswerArtifact[] = []
  const kept: string[] = []
  const findings: Finding[] = []
  for (const file of files) {
    // Each file has the time of a response for its checks.
    const screener = screenerFor()
    const passed = await screenArtifact(file, { screener, passesUnread }, signal)
    if (passed.kind === 'passes') screened.push(passed.artifact)
    else kept.push(passed.message)
    findings.push(...screener.takeFindings())
  }
  const sentences = [...missing, ...kept].map((text) => ({ text, provenance: 'tool' }) as const)
  return { files: screened, missing: await screenerFor().texts(sentences, signal), findings }
}
