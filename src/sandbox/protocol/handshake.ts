import type { SandboxLanguage } from '../../core/languages.ts'
import { randomBytes } from 'node:crypto'
import { timeLimit } from '../../concurrency/time-limit.ts'
import { untilAborted } from '../../concurrency/until-aborted.ts'
import { ServiceError } from '../../core/errors.ts'
import { ProtocolConnection, type UnaskedMessage } from './connection.ts'
import type { Lack, LiveContainer } from '../driver.ts'
import { isolationOf, users, type WritableFolder } from '../isolation.ts'
import { nonceBytes } from './frames.ts'
import { limitShortfalls, type SandboxLimits } from '../limits.ts'
import type { ReadyMessage } from './messages.ts'

interface HandshakeOptions {
  /** Null for a template: a sandbox that is going to be checkpointed and gets its limits after its restoration. */
  readonly limits: SandboxLimits | null
  readonly languages: readonly SandboxLanguage[]
  /** Hears of a worker or keeper lost while nothing runs. */
  readonly onLoss: (message: UnaskedMessage) => void
}

/**
 * The supervisor's own watch is off: it adds up resident sizes, which counts a page as often as it is shared. The kernel
 * counts right, and its kill is evidence enough.
 */
const watchBytes = 2 ** 50

/**
 * Longest that a container which runs may take for an answer, milliseconds: one whose kernel has stopped answers never, and would keep
 * the place of a start for ever.
 */
const answerMilliseconds = 60_000

function wireLimits(limits: SandboxLimits): object {
  return {
    memory_mb: limits.memory_mb,
    watch_bytes: watchBytes,
    processes: limits.processes,
    open_files: limits.openFiles,
    file_bytes: limits.fileBytes,
    output_bytes: limits.outputBytes,
    discard_bytes: 16 * limits.outputBytes,
    results: limits.results,
    results_bytes: limits.resultBytes,
    rows: limits.tableRows,
    pixels: limits.pixels,
    artifacts: limits.artifacts,
  }
}

function unlimitedWorkers(ready: ReadyMessage): readonly string[] {
  return ready.workers.filter((worker) => !worker.limits).map((worker) => `its ${worker.language} worker has no limits`)
}

/** The supervisor's and that of the code, whose files it manages. */
const ownGroups = new Set<number>([users.supervisor, users.code])

/** Why this sandbox must not be used, from what it and the host's kernel say about its walls. */
function weaknesses(ready: ReadyMessage): readonly string[] {
  return [
    /Starting gVisor/.test(ready.gvisor ?? '') ? null : 'its kernel is not gVisor',
    ready.supervisor.uid === users.supervisor ? null : `its supervisor runs as uid ${ready.supervisor.uid}`,
    ready.supervisor.gid === users.supervisor ? null : `its supervisor runs in group ${ready.supervisor.gid}`,
    ...ready.supervisor.groups.filter((group) => !ownGroups.has(group)).map((group) => `it is in the group ${group}`),
    ready.supervisor.no_new_privileges ? null : 'it may gain privileges',
    /^0+$/.test(ready.supervisor.capabilities) ? null : `it holds capabilities (${ready.supervisor.capabilities})`,
    ready.keeper === null || ready.keeper.uid === users.code ? null : `its keeper runs as uid ${ready.keeper.uid}`,
    ...ready.workers.map((worker) => (worker.uid === users.code ? null : `its worker runs as uid ${worker.uid}`)),
    ...ready.interfaces.map((name) => (name === 'lo' ? null : `it has a network (${name})`)),
  ].filter((weakness) => weakness !== null)
}

const pageBytes = 4096

/** What of its writable folders is not as it was asked for: a limit that silently fell away shows here and nowhere else. */
function looseFolders(
  ready: ReadyMessage,
  folders: readonly WritableFolder[],
  lacks: readonly Lack[],
): readonly string[] {
  return folders.flatMap(({ path, bytes, mode, owner }) => {
    const mount = ready.mounts.find((each) => each.path === path)
    if (mount === undefined) return [`its ${path} is no file system of its own`]
    const most = Math.ceil(bytes / pageBytes) * pageBytes
    return [
      // A tmpfs without a limit says that it has no blocks at all.
      mount.bytes > 0 && mount.bytes <= most
        ? null
        : `its ${path} has ${mount.bytes || 'any number of'}, not ${bytes} bytes`,
      mount.uid === (owner ?? 0) ? null : `its ${path} belongs to uid ${mount.uid}`,
      mount.mode === mode ? null : `its ${path} has the mode ${mount.mode.toString(8)}, not ${mode.toString(8)}`,
      mount.noexec || lacks.includes('noexec') ? null : `programs can be executed in its ${path}`,
    ].filter((reason) => reason !== null)
  })
}

export interface Handshake {
  readonly connection: ProtocolConnection
  /** The line of its kernel's log that only gVisor writes. */
  readonly kernel: string
  /** The nonce in force from now on; a sandbox that is restored from a template is spoken to under the template's. */
  readonly nonce: Buffer
  /** Says hello once more, to a template that has something left to do; returns the nonce in force from then on. */
  readonly greetAgain: () => Promise<Buffer>
}

/**
 * Makes a live container a sandbox that may be handed out: own nonce and seeds, workers up, walls and limits proven.
 * Rejects with `sandbox-unavailable`, naming every wall that does not stand, and where it does not answer for a minute; the
 * container is the caller's to destroy.
 */
export async function shakeHands(
  container: LiveContainer,
  options: HandshakeOptions,
  signal: AbortSignal,
): Promise<Handshake> {
  let answer = nextAnswer()
  const fail = (thrown: unknown) => answer.reject(thrown)
  const connection = new ProtocolConnection(container.stream, container.nonce, (message) => {
    if (message.type === 'need-keeper') container.startKeeper(signal).catch(fail)
    else if (message.type === 'ready') answer.resolve(message)
    else if (message.type === 'fatal') fail(unavailable(container, message.message))
    else options.onLoss(message)
  })
  void connection.lost.then((reason) => fail(unavailable(container, reason.message)))
  const greet = async () => {
    const nonce = randomBytes(nonceBytes)
    answer = nextAnswer()
    signal.throwIfAborted()
    if (connection.loss !== null) throw unavailable(container, connection.loss.message)
    connection.hello(greetingOf(options), nonce)
    return { nonce, ready: await inTime(answer.promise, container, signal) }
  }
  try {
    const { nonce, ready } = await greet()
    const reasons = [...weaknesses(ready)]
    if (options.limits !== null) {
      const applied = await inTime(container.enforceLimits(), container, signal)
      const { lacks = [] } = container
      const shortfalls = applied === null ? [] : limitShortfalls(options.limits, applied, lacks)
      const folders = looseFolders(ready, isolationOf(options.limits).folders, lacks)
      reasons.push(...unlimitedWorkers(ready), ...folders, ...shortfalls)
    }
    if (reasons.length > 0) throw unavailable(container, reasons.join('; '))
    return { connection, nonce, kernel: ready.gvisor ?? '', greetAgain: async () => (await greet()).nonce }
  } catch (thrown) {
    connection.lose(new ServiceError('sandbox-lost', 'The sandbox was refused', { cause: thrown }))
    throw thrown
  }
}

async function inTime<Value>(answer: Promise<Value>, container: LiveContainer, signal: AbortSignal): Promise<Value> {
  using limit = timeLimit(answerMilliseconds)
  const silent = `it did not answer within ${answerMilliseconds / 1000} s`
  return await untilAborted(answer, AbortSignal.any([signal, limit.signal]), () =>
    signal.aborted ? signal.reason : unavailable(container, silent),
  )
}

function nextAnswer(): PromiseWithResolvers<ReadyMessage> {
  const answer = Promise.withResolvers<ReadyMessage>()
  // Rejections after the answer have nobody left to hear them.
  answer.promise.catch(() => {})
  return answer
}

function greetingOf({ languages, limits }: HandshakeOptions): object {
  return {
    seed: randomBytes(32).toString('hex'),
    unix_ms: Date.now(),
    languages,
    limits: limits === null ? null : wireLimits(limits),
  }
}

function unavailable(container: LiveContainer, reason: string): ServiceError {
  const said = container.diagnostics().trim().slice(-500)
  const details = said === '' ? {} : { cause: new Error(said) }
  return new ServiceError('sandbox-unavailable', `A sandbox started but may not be used: ${reason}`, details)
}
