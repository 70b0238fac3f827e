import { execFileSync, spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { examplePython } from '../../../setup/example.mjs'

const folder = join(import.meta.dirname, '../../../docs/examples/image-classifier')
const key = 'key-of-the-classifier'

export interface Classifier extends AsyncDisposable {
  readonly origin: string
  readonly key: string
  /** Pictures that nobody has drawn before: another seed is another picture of the shape. */
  draw(wanted: readonly DrawnPicture[]): readonly Buffer[]
}

interface DrawnPicture {
  readonly shape: (typeof shapes)[number]
  readonly format: 'PNG' | 'JPEG' | 'WEBP'
  readonly seed: number
}

/** Shapes that the classifier knows. */
export const shapes = ['circle', 'cross', 'ring', 'square', 'star', 'triangle'] as const

const drawing = `import base64, io, json, sys, numpy
from drawing import draw_shape
for wanted in json.load(sys.stdin):
    written = io.BytesIO()
    draw_shape(wanted["shape"], numpy.random.default_rng(wanted["seed"])).save(written, wanted["format"])
    print(base64.b64encode(written.getvalue()).decode())`

/** The example's service in a Python of its own; why there is none, as a text, where it cannot be had. */
export async function startClassifier(): Promise<Classifier | string> {
  const made = await examplePython('image-classifier').catch((error: Error) => error.message)
  if (typeof made === 'string') return made
  const { python } = made
  const options = {
    cwd: folder,
    env: { PATH: process.env['PATH'] ?? '', CLASSIFIER_KEY: key, PYTHONDONTWRITEBYTECODE: '1' },
  }
  const service = spawn(python, ['service.py', '--port', '0'], { ...options, stdio: ['ignore', 'ignore', 'pipe'] })
  const origin = await originOf(service)
  return {
    origin,
    key,
    draw: (wanted) =>
      execFileSync(python, ['-c', drawing], { ...options, input: JSON.stringify(wanted), maxBuffer: 10_000_000 })
        .toString()
        .trim()
        .split('\n')
        .map((line) => Buffer.from(line, 'base64')),
    async [Symbol.asyncDispose]() {
      const ended = once(service, 'exit')
      if (service.exitCode !== null) return
      service.kill('SIGKILL')
      await ended
    },
  }
}

/** Where it says that it listens. Rejects with what it said where it does not. */
async function originOf({ stderr }: ChildProcess): Promise<string> {
  if (stderr === null) throw new Error('nothing is read of what the service says')
  const said: string[] = []
  for await (const line of createInterface(stderr)) {
    said.push(line)
    const origin = /Running on (http:\S+)/.exec(line)?.[1]
    // What is said later is read too, or the service would wait for somebody to read it.
    if (origin !== undefined) return (stderr.resume(), origin)
  }
  throw new Error(`the classifier did not start: ${said.join('\n').slice(-1_000)}`)
}
