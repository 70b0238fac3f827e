import type { ExecutionRequest } from '../core/execution.ts'
import type { Screener } from '../gateway/screen/screener.ts'
import { TextStream } from '../gateway/screen/text-stream.ts'

type StreamName = 'stdout' | 'stderr'

/** Output of a program on its way to its caller, screened while it runs. */
export interface ScreenedOutput {
  /** Takes a piece; what may leave of it leaves later. */
  readonly push: (stream: StreamName, text: string) => void
  /** Lets what is held back leave, once no more comes. Rejects with what a filter refused, which `onRefusal` was told at once. */
  readonly end: () => Promise<void>
}

/** The two streams of a program, each screened for itself and passed on in its own order. */
export function screenedOutput(options: {
  readonly screener: () => Screener
  readonly onOutput: NonNullable<ExecutionRequest['onOutput']>
  /** Told as soon as a filter withholds what comes: nothing more leaves. */
  readonly onRefusal: (reason: unknown) => void
  readonly signal: AbortSignal
}): ScreenedOutput {
  const { screener, onOutput, onRefusal, signal } = options
  const streams = {
    stdout: new TextStream(screener(), { provenance: 'tool' }),
    stderr: new TextStream(screener(), { provenance: 'tool' }),
  }
  let queue: Promise<void> = Promise.resolve()
  const pass = (stream: StreamName, screened: Promise<string>) =>
    screened.then((text) => (text === '' ? undefined : onOutput(stream, text)))
  const enqueue = (work: () => Promise<void>): void => {
    queue = queue.then(work)
    queue.catch(onRefusal)
  }
  return {
    push: (stream, text) => enqueue(() => pass(stream, streams[stream].push(text, signal))),
    end: async () => {
      enqueue(() => pass('stdout', streams.stdout.flush(signal)))
      enqueue(() => pass('stderr', streams.stderr.flush(signal)))
      await queue
    },
  }
}
