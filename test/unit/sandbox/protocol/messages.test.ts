import { describe, expect, it } from 'vitest'
import { parseMessage } from '../../../../src/sandbox/protocol/messages.ts'
import { plainDone, soundReady } from '../../../support/sandbox/fake-supervisor.ts'
import { verifies } from '../../../support/verifies.ts'

const file = { path: 'a', bytes: 1, modified_ms: 2 }
const worker = { language: 'python', pid: 3, uid: 1001 }
/** As long as each of its texts may be. */
const longestError = { name: 'x'.repeat(4096), value: 'x'.repeat(262_144), traceback: 'x'.repeat(524_288) }
const read = (message: object) => parseMessage(Buffer.from(JSON.stringify(message)))

/** One message of every type, each as small as it may be. */
const messages = [
  { type: 'need-keeper' },
  { type: 'started', id: 1, worker },
  { type: 'output', id: 1, stream: 'stdout', text: '' },
  { type: 'output', id: 1, stream: 'stderr', text: 'x'.repeat(65_536) },
  { type: 'display', id: 1, index: 0, main: true },
  { type: 'display', id: 2_147_483_647, index: 0, main: false, stream: 2_147_483_648, bytes: 0 },
  { type: 'exceeded', id: 1, what: 'output', measured: 2, limit: 1 },
  { type: 'exceeded', id: 1, what: 'memory', measured: 2, limit: 1 },
  { type: 'heeded', id: 1 },
  { ...plainDone, id: 1 },
  { type: 'worker-lost', language: 'javascript', status: { exited: 0 } },
  { type: 'worker-lost', language: 'shell', status: { signaled: 9 } },
  { type: 'worker-lost', language: 'python', status: null },
  { type: 'keeper-lost' },
  { type: 'killed', id: 1, processes_left: 0, keeper: true },
  { type: 'credit', id: 1, bytes: 0 },
  { type: 'stored', id: 1, file },
  { type: 'content', id: 1, file },
  { type: 'end', stream: 1, bytes: 0 },
  { type: 'listed', id: 1, files: [file], more: false, refused: 0, truncated: false },
  { type: 'deleted', id: 1 },
  { type: 'pong', id: 1, unix_ms: 0 },
  { type: 'failed', id: 1, code: 'io', message: '' },
  { type: 'fatal', message: 'x'.repeat(4096) },
  { ...plainDone, id: 1, error: longestError, truncated: Array.from({ length: 32 }, () => 'x'.repeat(64)) },
  { ...plainDone, id: 1, reason: 'raised', evidence: 'file-size', status: { signaled: 25 } },
  {
    ...plainDone,
    id: 1,
    reason: 'interrupted',
    evidence: 'disk',
    artifacts: Array.from({ length: 10_000 }, () => file),
  },
  { type: 'failed', id: 1, code: 'x'.repeat(64), message: 'x'.repeat(4096) },
  { type: 'listed', id: 1, files: Array.from({ length: 10_000 }, () => file), more: true, refused: 0, truncated: true },
  { type: 'end', stream: 4_294_967_295, bytes: 0 },
]

const listed = { type: 'listed', id: 1, files: [], more: false, refused: 0, truncated: false }
const withError = (error: object) => ({ ...plainDone, id: 1, error: { ...longestError, ...error } })

describe('a message of the supervisor', () => {
  it.each(messages.map((message) => [message.type, message] as const))('is read as it stands: %s', (_type, message) => {
    expect(read(message)).toEqual(message)
  })

  it('is read without members that are not in the protocol', () => {
    expect(read({ type: 'deleted', id: 1, more: 'x' })).toEqual({ type: 'deleted', id: 1 })
    expect(read({ type: 'ready', ...soundReady })).not.toHaveProperty('spawn')
  })

  it.each([
    ['an id of nothing', { type: 'deleted', id: 0 }],
    ['an id above all', { type: 'deleted', id: 2_147_483_648 }],
    ['an id that is no whole number', { type: 'deleted', id: 1.5 }],
    ['a negative count', { type: 'credit', id: 1, bytes: -1 }],
    ['another stream', { type: 'output', id: 1, stream: 'stdin', text: '' }],
    ['a text that is too long', { type: 'output', id: 1, stream: 'stdout', text: 'x'.repeat(65_537) }],
    ['a sentence that is too long', { type: 'fatal', message: 'x'.repeat(4097) }],
    ['a stream of the host', { type: 'display', id: 1, index: 0, main: true, stream: 2_147_483_647 }],
    ['a stream above all', { type: 'display', id: 1, index: 0, main: true, stream: 4_294_967_296 }],
    ['a file without a name', { type: 'stored', id: 1, file: { ...file, path: '' } }],
    ['a name that is too long', { type: 'stored', id: 1, file: { ...file, path: 'x'.repeat(4097) } }],
    ['another language', { type: 'started', id: 1, worker: { ...worker, language: 'ruby' } }],
    ['a name of an error that is too long', withError({ name: 'x'.repeat(4097) })],
    ['a message of an error that is too long', withError({ value: 'x'.repeat(262_145) })],
    ['a traceback that is too long', withError({ traceback: 'x'.repeat(524_289) })],
    ['more files than a run may make', { ...plainDone, id: 1, artifacts: Array.from({ length: 10_001 }, () => file) }],
    ['more files than a page may list', { ...listed, files: Array.from({ length: 10_001 }, () => file) }],
    ['more cuts than there are', { ...plainDone, id: 1, truncated: Array.from({ length: 33 }, () => 'x') }],
    ['a cut with a long name', { ...plainDone, id: 1, truncated: ['x'.repeat(65)] }],
    ['a code that is too long', { type: 'failed', id: 1, code: 'x'.repeat(65), message: '' }],
    ['an end of nothing', { type: 'end', stream: 0, bytes: 0 }],
    ['an end above all', { type: 'end', stream: 4_294_967_296, bytes: 0 }],
    ['a reason of its own', { ...plainDone, id: 1, reason: 'bored' }],
    ['evidence of its own', { ...plainDone, id: 1, evidence: 'moon' }],
    [
      'capabilities that are no number',
      { type: 'ready', ...soundReady, supervisor: { ...soundReady.supervisor, capabilities: 'x' } },
    ],
    ['more workers than there are', { type: 'ready', ...soundReady, workers: Array.from({ length: 9 }, () => worker) }],
    ['another type', { type: 'hello' }],
    ['no type', {}],
  ])('is refused with %s', (_what, message) => {
    verifies('security.frames-checked')
    expect(() => read(message)).toThrow('a message that is not in it')
    expect(() => read(message)).toThrow(expect.objectContaining({ code: 'sandbox-lost' }))
  })

  it('is refused where it is not JSON', () => {
    expect(() => parseMessage(Buffer.from('{{'))).toThrow('a control frame that is not JSON')
  })
})
