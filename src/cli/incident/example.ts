import { execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { dirname, join } from 'node:path'
import { text } from 'node:stream/consumers'
import { promisify } from 'node:util'
import { z } from 'zod'
import type { Variables } from '../../config/environment.ts'
import { ServiceError } from '../../core/errors.ts'
import { setupProgram } from '../machine-facts.ts'

/** The classifier that believes what it is sent, as it came with this installation, and the Python that runs it. */
export interface Example {
  /** docs/examples/image-classifier. */
  readonly folder: string
  readonly python: string
}

const made = z.object({ python: z.string() })

/**
 * Has the set-up make the Python of the example where it is not there yet; it shows its progress and what is wrong on standard
 * error. Rejects with `service-unavailable` where there is none after that.
 */
export async function openExample(signal: AbortSignal): Promise<Example> {
  const program = setupProgram()
  if (program === null) {
    throw new ServiceError('not-found', 'setup/run.mjs is not beside this installation', {
      advice: 'Install the whole package.',
    })
  }
  const name = 'image-classifier'
  const child = spawn(process.execPath, [program, 'example', name], { stdio: ['ignore', 'pipe', 'inherit'], signal })
  const [said, [code]] = (await Promise.all([text(child.stdout), once(child, 'exit')])) as [string, [number | null]]
  signal.throwIfAborted()
  if (code !== 0) {
    throw new ServiceError('service-unavailable', 'The Python of the example cannot be had on this machine.', {
      advice: 'What is missing, and how to get it, stands above.',
    })
  }
  return { folder: join(dirname(program), '..', 'docs', 'examples', name), ...made.parse(JSON.parse(said)) }
}

/** What a program of the example is started with: nothing of the person's own but where programs and files are. */
export function exampleEnvironment(variables: Variables, changes: Readonly<Record<string, string>>) {
  const kept = ['PATH', 'HOME', 'TMPDIR', 'LANG'].flatMap((name) => {
    const value = variables[name]
    return value === undefined ? [] : [[name, value] as const]
  })
  return { ...Object.fromEntries(kept), PYTHONDONTWRITEBYTECODE: '1', ...changes }
}

const base64 = z.string().transform((value) => Buffer.from(value, 'base64'))
const drawn = z.object({
  honest: z.array(z.object({ shape: z.string(), type: z.string(), data: base64 })).min(1),
  unwanted: z.object({
    bomb: base64,
    moving_gif: base64,
    moving_png: base64,
    moving_webp: base64,
    bmp: base64,
    tiff: base64,
    wide_png: base64,
  }),
})

/** Pictures of honest callers, and pictures that nobody should take. */
export type DrawnPictures = z.infer<typeof drawn>

/** The same pictures for the same seed. */
export async function drawPictures(
  { folder, python }: Example,
  options: { readonly seed: number; readonly variables: Variables },
  signal: AbortSignal,
): Promise<DrawnPictures> {
  const { stdout } = await promisify(execFile)(python, ['incident.py', '--seed', String(options.seed)], {
    cwd: folder,
    env: exampleEnvironment(options.variables, {}),
    maxBuffer: 64 * 1024 * 1024,
    signal,
  })
  return drawn.parse(JSON.parse(stdout))
}
