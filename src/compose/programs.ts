import type { Program, RunAnswer } from '../cli/service.ts'
import { screenCell } from '../gateway/screen/cell.ts'
import type { Screener } from '../gateway/screen/screener.ts'
import type { LimitCeilings } from '../core/requested-limits.ts'
import type { Sandbox } from '../sandbox/sandbox.ts'
import type { Sandboxes } from './sandboxes.ts'
import type { CodeValidators } from './validators.ts'

interface ProgramParts {
  readonly sandboxes: Sandboxes
  readonly validators: CodeValidators
  /** For what leaves a program run by the local operator. */
  readonly screener: () => Screener
  /** The local operator's. */
  readonly ceilings: LimitCeilings
}

/** Who the sandboxes of local programs are for. */
const tenant = 'local'

/** Runs one program in a sandbox of its own: validate → claim → upload → run → screen → destroy. */
export async function runProgram(parts: ProgramParts, program: Program, signal: AbortSignal): Promise<RunAnswer> {
  const { language, code, validate: profile } = program
  const verdict = await parts.validators.validate({ language, code, profile }, signal)
  if (verdict.kind === 'refused') return { kind: 'refused', findings: verdict.findings }
  const claim = { tenant, language: verdict.value.language, limits: program.limits, ceilings: parts.ceilings }
  await using sandbox: Sandbox = await parts.sandboxes.claim(claim, signal, program.driver)
  for (const file of program.files) await sandbox.files.put(file.name, file.open(), signal)
  const wall = program.timeoutMilliseconds === null ? {} : { timeoutMilliseconds: program.timeoutMilliseconds }
  const cell = await sandbox.run(verdict.value, wall, signal)
  // A cancelled run still has something to say; what it says is screened like anything else.
  const screened = await screenCell(cell, parts.screener(), signal.aborted ? new AbortController().signal : signal)
  return { kind: 'result', cell: screened, ranIn: describeDriver(sandbox) }
}

/** Where it ran, with the walls that are missing there. */
function describeDriver(sandbox: Sandbox): string {
  const place = sandbox.driver === 'isolate' ? 'isolate' : `gVisor (${sandbox.driver})`
  return sandbox.missingWalls.length === 0 ? place : `${place}; ${sandbox.missingWalls.join('; ')}`
}
