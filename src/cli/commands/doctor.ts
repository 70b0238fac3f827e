import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { ServiceError, toServiceError } from '../../core/errors.ts'
import type { CommandContext, ExitCode } from '../context.ts'
import { exitCodes } from '../exit-codes.ts'
import { nodeProbe, portProbe, stateProbe } from '../local-probes.ts'
import { machineProbes, readMachineFacts, setupProgram } from '../machine-facts.ts'
import { plainText } from '../output/plain-text.ts'
import type { Probe, ProbeResult } from '../../service/sallyport.ts'
import type { Output } from '../terminal.ts'

export interface DoctorOptions {
  readonly fix?: boolean
  readonly output?: 'text' | 'json'
}

interface Examined extends ProbeResult {
  readonly name: string
  readonly sandbox: boolean
}

/** Longest that one probe may take, in milliseconds. */
const probeDeadline = 120_000

/** `sallyport doctor`: proves each part, one line each with what mends it. 5 when the sandbox cannot run, else 1 or 0. */
export async function doctor(context: CommandContext, options: DoctorOptions): Promise<ExitCode> {
  const { out } = context.terminal
  const program = setupProgram()
  if (options.fix === true) {
    const code = await runSetUp(program)
    if (code !== 0) return code
  }
  await using resources = new AsyncDisposableStack()
  const examined: Examined[] = []
  await context.interrupts.during(async (signal) => {
    for await (const probe of allProbes(context, program, resources)) {
      const result = await examine(context, probe, signal)
      signal.throwIfAborted()
      examined.push(result)
      if (options.output !== 'json') writeLine(out, result)
    }
  })
  const failed = examined.filter(({ passed }) => !passed)
  if (options.output === 'json') out.writeJson({ ok: failed.length === 0, probes: examined })
  else out.write(failed.length === 0 ? 'Everything works.\n' : `${failed.length} of ${examined.length} failed.\n`)
  if (failed.some(({ sandbox }) => sandbox)) return exitCodes.sandbox
  return failed.length === 0 ? exitCodes.ok : exitCodes.failure
}

/** The cheap ones first, so that a missing part is named before something that needs it is tried. */
async function* allProbes(
  context: CommandContext,
  program: string | null,
  resources: AsyncDisposableStack,
): AsyncIterable<Probe> {
  yield nodeProbe
  const configured = readConfig(context)
  const place = configured.config?.sandbox.driver === 'kubernetes' ? 'cluster' : 'machine'
  if (program === null)
    yield failing('Set-up', 'setup/run.mjs is not beside this installation', 'Install the whole package.')
  else yield* machineProbes((signal) => readMachineFacts(program, signal), place)
  const { pictureProbe } = await import('../../compose/picture-probe.ts')
  yield pictureProbe
  const { config, detail, fault } = configured
  if (config === null) return yield faulty(fault)
  yield { name: 'Configuration', sandbox: false, run: async () => ({ passed: true, detail, fix: null }) }
  yield stateProbe(config)
  yield portProbe(config)
  try {
    const sallyport = resources.use(await context.open(config))
    yield* await sallyport.probes()
  } catch (thrown) {
    yield faulty(thrown)
  }
}

/** The configuration, and where it comes from; null with the fault where there is none. */
function readConfig(context: CommandContext) {
  try {
    const { config, files } = context.config()
    return { config, detail: files.length === 0 ? 'defaults and environment' : files.join(', '), fault: null }
  } catch (fault) {
    return { config: null, detail: '', fault }
  }
}

function faulty(thrown: unknown): Probe {
  const error = toServiceError(thrown)
  return failing(error.code === 'invalid-config' ? 'Configuration' : 'Service', error.message, error.advice)
}

function failing(name: string, detail: string, fix: string): Probe {
  return { name, sandbox: name !== 'Configuration', run: async () => ({ passed: false, detail, fix }) }
}

async function examine({ onActivity }: CommandContext, probe: Probe, signal: AbortSignal): Promise<Examined> {
  const { name, sandbox } = probe
  using _ = onActivity(name)
  try {
    const result = await probe.run(AbortSignal.any([signal, AbortSignal.timeout(probeDeadline)]))
    return { name, sandbox, ...result }
  } catch (thrown) {
    const { message, advice } = toServiceError(thrown)
    return { name, sandbox, passed: false, detail: message, fix: advice }
  }
}

function writeLine(out: Output, { name, passed, detail, fix }: Examined): void {
  const mark = passed ? out.style('green', '✔') : out.style('red', '✖')
  out.write(`${mark} ${name}: ${plainText(detail).replaceAll('\n', '\n    ')}\n`)
  if (!passed && fix !== null) out.write(`    → ${plainText(fix)}\n`)
}

async function runSetUp(program: string | null): Promise<ExitCode> {
  if (program === null) {
    throw new ServiceError('not-found', 'setup/run.mjs is not beside this installation', {
      advice: 'Install the whole package.',
    })
  }
  // The set-up shows its own progress and may ask; what it prints does not belong to the report.
  const child = spawn(process.execPath, [program, 'setup'], { stdio: ['inherit', process.stderr, 'inherit'] })
  const [code] = (await once(child, 'exit')) as [number | null]
  return code ?? exitCodes.failure
}
