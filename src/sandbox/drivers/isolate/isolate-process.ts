/**
 * The process around one isolate. Started by `isolate-worker.ts` with an empty environment and nothing but two pipes;
 * whoever broke out of the isolate would find no network tool, no secret and no second tenant here.
 * Arguments: memory in MiB, output cap in bytes, result cap in characters, names of host functions as JSON.
 */
import { writeSync } from 'node:fs'
import ivm from 'isolated-vm'
import { encodeFrame, FrameReader, type FromIsolate, type ToIsolate } from './frames.ts'
import { bootstrapSource } from './bootstrap.ts'
import { wrapTopLevelAwait } from './top-level-await.ts'

const [memoryMegabytes, outputBytes, resultCharacters, hostNames] = process.argv
  .slice(2)
  .map((text) => JSON.parse(text)) as [number, number, number, string[]]

type Describe = ivm.Reference<(value: unknown, maximum: number) => Promise<string>>
type Done = Extract<FromIsolate, { type: 'done' }>

interface Room {
  readonly isolate: ivm.Isolate
  readonly context: ivm.Context
  readonly describe: Describe
  readonly begin: ivm.Reference<() => void>
}

const calls = new Map<number, { resolve: (json: string) => void; reject: (error: Error) => void }>()
let nextCall = 0
let run = { id: 0, room: { stdout: 0, stderr: 0 }, truncated: new Set<'stdout' | 'stderr' | 'results'>() }

function send(frame: FromIsolate): void {
  process.stdout.write(encodeFrame(frame))
}

/** Answers whether the stream is full. */
function write(stream: string, text: string): boolean {
  if (stream !== 'stdout' && stream !== 'stderr') return true
  const left = outputBytes - run.room[stream]
  const bytes = Buffer.byteLength(text)
  if (bytes > left) run.truncated.add(stream)
  if (left <= 0) return true
  const kept =
    bytes > left
      ? Buffer.from(text)
          .subarray(0, left)
          .toString('utf8')
          .replace(/\uFFFD$/, '')
      : text
  run.room[stream] += Math.min(bytes, left)
  send({ type: 'output', id: run.id, stream, text: kept })
  return bytes > left
}

function callHost(name: string, argument: string): Promise<string> {
  nextCall += 1
  const call = nextCall
  send({ type: 'call', call, name, argument })
  return new Promise((resolve, reject) => calls.set(call, { resolve, reject }))
}

/**
 * The engine has given the isolate up and may hang in it: says why (the engine's own word, no program's) and ends the
 * process, in which nothing is to be relied on any more.
 */
function giveUp(message: string): void {
  const reason = message.includes('out-of-memory') ? 'memory' : 'engine'
  writeSync(1, encodeFrame({ type: 'fatal', reason }))
  process.kill(process.pid, 'SIGKILL')
}

function openRoom(): Room {
  const isolate = new ivm.Isolate({
    memoryLimit: memoryMegabytes,
    onCatastrophicError: giveUp,
  })
  const context = isolate.createContextSync()
  const pair = context.evalClosureSync(
    bootstrapSource,
    [
      new ivm.Callback(write),
      new ivm.Reference((milliseconds: number) => new Promise<void>((resolve) => setTimeout(resolve, milliseconds))),
      new ivm.Reference(callHost),
      new ivm.ExternalCopy(hostNames).copyInto(),
      outputBytes,
    ],
    { result: { reference: true }, filename: 'sallyport' },
  ) as ivm.Reference<[() => void, (value: unknown, maximum: number) => Promise<string>]>
  const begin = pair.getSync(0, { reference: true })
  const describe = pair.getSync(1, { reference: true })
  return { isolate, context, describe, begin }
}

async function runCode(room: Room, code: string, timeoutMilliseconds: number): Promise<Omit<Done, 'type' | 'id'>> {
  const facts = () => ({
    heapBytes: room.isolate.isDisposed ? null : room.isolate.getHeapStatisticsSync().total_heap_size,
    truncated: [...run.truncated],
  })
  const nothing = { text: null, json: null, error: null }
  const started = performance.now()
  try {
    room.begin.applySync(undefined, [])
    const script = await room.isolate.compileScript(wrapTopLevelAwait(code), { filename: 'cell.js' })
    const value = await script.run(room.context, { timeout: timeoutMilliseconds, reference: true })
    script.release()
    const described = await room.describe.apply(undefined, [value.derefInto(), resultCharacters], {
      timeout: timeoutMilliseconds,
      result: { promise: true, copy: true },
    })
    value.release()
    return { ...readDescription(described), ...facts() }
  } catch (thrown) {
    if (room.isolate.isDisposed) return { end: 'memory', ...nothing, ...facts() }
    const error = thrown instanceof Error ? thrown : new Error(String(thrown))
    // The message alone could be the program's own; the clock is ours.
    const late = performance.now() - started >= timeoutMilliseconds
    if (late && error.message === 'Script execution timed out.') return { end: 'sync-timeout', ...nothing, ...facts() }
    const traceback = (error.stack ?? '')
      .split('\n')
      .filter((line) => !/\((?:file|node):|isolated-vm/.test(line))
      .join('\n')
    return {
      end: 'raised',
      ...nothing,
      error: {
        name: error.name.slice(0, 200),
        value: error.message.slice(0, 10_000),
        traceback: traceback.slice(0, 20_000),
      },
      ...facts(),
    }
  }
}

function readDescription(described: string): Pick<Done, 'end' | 'text' | 'json' | 'error'> {
  const value = JSON.parse(described) as
    | { end: 'completed'; text: string | null; json: string | null; cut: boolean }
    | { end: 'raised'; name: string; value: string; traceback: string }
  if (value.end === 'completed') {
    if (value.cut) run.truncated.add('results')
    return { end: 'completed', text: value.text, json: value.json, error: null }
  }
  const traceback = value.traceback
    .split('\n')
    .filter((line) => !line.includes('(sallyport:'))
    .join('\n')
  return { end: 'raised', text: null, json: null, error: { name: value.name, value: value.value, traceback } }
}

let room = openRoom()

async function receive(frame: ToIsolate): Promise<void> {
  if (frame.type === 'answer') {
    const waiting = calls.get(frame.call)
    calls.delete(frame.call)
    if (frame.error === null) waiting?.resolve(frame.value ?? 'null')
    else waiting?.reject(new Error(frame.error))
    return
  }
  if (frame.type === 'reset') {
    if (!room.isolate.isDisposed) room.isolate.dispose()
    room = openRoom()
    send({ type: 'reset-done', id: frame.id })
    return
  }
  run = { id: frame.id, room: { stdout: 0, stderr: 0 }, truncated: new Set() }
  send({ type: 'done', id: frame.id, ...(await runCode(room, frame.code, frame.timeoutMilliseconds)) })
}

const reader = new FrameReader(64 * 1024 * 1024)
process.stdin.on('data', (chunk: Buffer) => {
  for (const frame of reader.push(chunk)) void receive(frame as ToIsolate)
})
// The service is gone: so is the reason to live.
process.stdin.on('end', () => process.kill(process.pid, 'SIGKILL'))
send({ type: 'ready' })
