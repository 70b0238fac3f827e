import type { Program, RunAnswer } from './sallyport.ts'
import type { CellResult } from '../core/result.ts'
import { screenCell } from '../gateway/screen/cell.ts'
import type { Screener } from '../gateway/screen/screener.ts'
import type { LimitCeilings } from '../core/requested-limits.ts'
import { describeSandbox } from '../sandbox/describe-sandbox.ts'
import { broughtFiles, noFiles, type BroughtFiles } from './brought-files.ts'
import type { Sandboxes } from '../sandbox/sandboxes.ts'
import type { CodeValidators } from '../validators/code-validators.ts'

interface ProgramParts {
  readonly sandboxes: Pick<Sandboxes, 'claim' | 'choice'>
  readonly validators: CodeValidators
  /** Screens what leaves a program that the local operator runs. */
  readonly screener: () => Screener
  /** The local operator's. */
  readonly ceilings: LimitCeilings
  /** Gets the removal of each sandbox, which goes on after the answer. */
  readonly onRemoval: (removal: Promise<void>) => void
}

/** Who the sandboxes of local programs are for. */
const tenant = 'local'

/**
 * Runs one program in a sandbox of its own: validate → claim → upload → run → screen. The sandbox is destroyed from when
 * nothing more is read of it.
 */
export async function runProgram(parts: ProgramParts, program: Program, signal: AbortSignal): Promise<RunAnswer> {
  const { language, code, validate: profile } = program
  const verdict = await parts.validators.validate({ language, code, profile }, signal)
  if (verdict.kind === 'refused') return { kind: 'refused', findings: verdict.findings }
  const claim = { tenant, language: verdict.value.language, limits: program.limits, ceilings: parts.ceilings }
  const sandbox = await parts.sandboxes.claim(claim, signal, program.driver)
  let cell: CellResult
  let made: BroughtFiles
  // A cancelled run still has something to say; what it says is screened like anything else.
  const going = (): AbortSignal => (signal.aborted ? new AbortController().signal : signal)
  try {
    for (const file of program.files) await sandbox.files.put(file.name, file.open(), signal)
    const wall = program.timeoutMilliseconds === null ? {} : { timeoutMilliseconds: program.timeoutMilliseconds }
    cell = await sandbox.run(verdict.value, wall, signal)
    made = program.bringsFiles
      ? await broughtFiles(cell, sandbox, { ...toOperator, screener: parts.screener, signal: going() })
      : noFiles
  } finally {
    parts.onRemoval(Promise.resolve(sandbox[Symbol.asyncDispose]()))
  }
  const screened = await screenCell(cell, parts.screener(), { signal: going() })
  const { findings, ...files } = made
  const said = { ...screened, findings: [...(screened.findings ?? []), ...findings] }
  const { reason } = program.driver === null ? await parts.sandboxes.choice() : { reason: null }
  return {
    kind: 'result',
    cell: said,
    ranIn: describeSandbox(sandbox),
    driver: { name: sandbox.driver, reason },
    ...files,
  }
}

const mebibyte = 1024 * 1024

/** Files go to the operator's own disk and pass through memory on their way. */
const fileLimits = { files: 200, fileBytes: 64 * mebibyte, bytes: 256 * mebibyte }
/** What no filter can read is the operator's own. */
const toOperator = { limits: fileLimits, passesUnread: true }
