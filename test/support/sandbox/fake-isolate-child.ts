import { PassThrough, Writable } from 'node:stream'
import { encodeFrame, FrameReader, type FromIsolate, type ToIsolate } from '../../../src/sandbox/isolates/frames.ts'
import type { IsolateChild } from '../../../src/sandbox/isolates/isolate-child.ts'

export type FakeRun = Extract<ToIsolate, { type: 'run' }>
type Done = Extract<FromIsolate, { type: 'done' }>

interface FakeChildOptions {
  /** Does it say that it is ready? Else it waits for `say`. */
  readonly ready?: boolean
  /** What it does with a run; without it the run completes with its own code as the value. */
  readonly play?: (child: FakeIsolateChild, run: FakeRun) => void
  /** Answers the end of a session; without it, at once. */
  readonly reset?: (child: FakeIsolateChild, id: number) => void
}

/** The process of an isolate, without one: says what the test has it say, and keeps what it was sent. */
export class FakeIsolateChild implements IsolateChild {
  readonly pid = 4_000_000
  readonly stdout = new PassThrough()
  readonly stdin: Writable
  readonly received: ToIsolate[] = []
  resident: number | null = 1
  ended = false
  readonly #listeners: ((error: Error) => void)[] = []

  constructor({ ready = true, play = complete, reset = endSession }: FakeChildOptions = {}) {
    const reader = new FrameReader(1 << 20)
    this.stdin = new Writable({
      write: (chunk: Buffer, _encoding, done) => {
        for (const frame of reader.push(chunk) as ToIsolate[]) {
          this.received.push(frame)
          if (frame.type === 'run') play(this, frame)
          else reset(this, frame.id)
        }
        done()
      },
    })
    if (ready) this.say({ type: 'ready' })
  }

  say(frame: FromIsolate): void {
    if (!this.ended) this.stdout.write(encodeFrame(frame))
  }

  done(id: number, ending: Partial<Done> = {}): void {
    const nothing = { text: null, json: null, error: null, heapBytes: null, truncated: [] }
    this.say({ type: 'done', id, end: 'completed', ...nothing, ...ending })
  }

  residentBytes(): number | null {
    return this.resident
  }

  kill(): void {
    if (this.ended) return
    this.ended = true
    queueMicrotask(() => {
      for (const listener of this.#listeners) listener(new Error('the isolate process ended'))
    })
  }

  onEnd(listener: (error: Error) => void): void {
    this.#listeners.push(listener)
  }
}

function complete(child: FakeIsolateChild, { id, code }: FakeRun): void {
  child.done(id, { text: code, json: JSON.stringify(code) })
}

function endSession(child: FakeIsolateChild, id: number): void {
  child.say({ type: 'reset-done', id })
}
