import { crc32, deflateRawSync } from 'node:zlib'
import type { CellResult, Outcome } from '../../src/core/result.ts'
import type { Sandbox, SandboxLanguage } from '../../src/sandbox/sandbox.ts'
import { unvetted } from '../contract/sandbox-contract.ts'
import type { HostCanary } from './host-canary.ts'

/** One attack of test/attack/sandbox-abuse.json. */
export interface AttackRow {
  readonly name: string
  readonly group: string
  readonly language: SandboxLanguage
  /** A line, or lines. HOST_PORT and HOST_SOCKET stand for what listens on the host. */
  readonly code: string | readonly string[]
  readonly outcome: Outcome | readonly Outcome[]
  /** Do the session's variables outlive it? Left out where either is right. */
  readonly alive?: boolean
  /** All of standard output, outer white space aside. */
  readonly stdout?: string
  /** A word of the sentence that people are told. */
  readonly notice?: string
  readonly truncated?: string
  /** Paths, exactly. */
  readonly artifacts?: readonly string[]
  /** Paths below /mnt/data that must not be handed out afterwards. */
  readonly refused?: readonly string[]
  /** Puts a file there first. */
  readonly upload?: 'zip-bomb'
  /** Milliseconds; the suite's limit where left out. */
  readonly wall?: number
}

export interface AttackReport {
  readonly result: CellResult
  /** Paths of `refused` that were handed out all the same. */
  readonly leaked: readonly string[]
}

const never = new AbortController().signal

/** For attacks that end by themselves. */
const patientMilliseconds = 15_000

/** A zip of some 500 KB that says 512 MiB in its one entry, and holds them. */
export function zipBomb(): Buffer {
  const content = Buffer.alloc(512 << 20)
  const [body, name] = [deflateRawSync(content), Buffer.from('zeros')]
  const facts = Buffer.alloc(26)
  facts.writeUInt16LE(20, 0)
  facts.writeUInt16LE(8, 4)
  facts.writeUInt32LE(crc32(content), 10)
  facts.writeUInt32LE(body.length, 14)
  facts.writeUInt32LE(content.length, 18)
  facts.writeUInt16LE(name.length, 22)
  const local = Buffer.concat([Buffer.from('PK\x03\x04'), facts, name, body])
  const central = Buffer.concat([Buffer.from('PK\x01\x02\x14\0'), facts, Buffer.alloc(14), name])
  const end = Buffer.alloc(22)
  end.write('PK\x05\x06')
  end.writeUInt16LE(1, 8)
  end.writeUInt16LE(1, 10)
  end.writeUInt32LE(central.length, 12)
  end.writeUInt32LE(local.length, 16)
  return Buffer.concat([local, central, end])
}

async function* once(content: Buffer): AsyncGenerator<Uint8Array> {
  yield content
}

async function isHandedOut(sandbox: Sandbox, path: string): Promise<boolean> {
  try {
    for await (const _ of sandbox.files.get(path, AbortSignal.timeout(20_000))) return true
    return true
  } catch (thrown) {
    // A refusal by name; anything else is the sandbox failing, not refusing.
    if ((thrown as { code?: string }).code === 'invalid-file') return false
    throw thrown
  }
}

/** Runs one attack in a claimed sandbox, which is the caller's to release. */
export async function attack(sandbox: Sandbox, row: AttackRow, canary: HostCanary): Promise<AttackReport> {
  if (row.upload === 'zip-bomb') await sandbox.files.put('bomb.zip', once(zipBomb()), never)
  const code = [row.code]
    .flat()
    .join('\n')
    .replaceAll('HOST_PORT', String(canary.port))
    .replaceAll('HOST_SOCKET', canary.socketName)
  // Only what is meant to run into the limit has a short one: a busy machine must not make a timeout of anything else.
  const wall = row.wall ?? ([row.outcome].flat().includes('timeout') ? undefined : patientMilliseconds)
  const limit = wall === undefined ? {} : { timeoutMilliseconds: wall }
  const result = await sandbox.run(unvetted(code, row.language), limit, never)
  const leaked: string[] = []
  for (const path of row.refused ?? []) if (await isHandedOut(sandbox, path)) leaked.push(path)
  return { result, leaked }
}

/** Says what an attack before this claim left behind; nothing is right. */
export const searchForMarkers = `
import os, glob
found = [path for place in ('/mnt/data', '/tmp', '/dev/shm', '/var/tmp', '/run') for path in glob.glob(place + '/*')]
found = [path for path in found if not path.startswith(('/tmp/.', '/run/sallyport', '/run/lock'))]
if 'marker' in globals(): found.append('variable')
if any('marker' in line for line in open('/proc/net/unix').read().splitlines()): found.append('socket')
pids = [pid for pid in os.listdir('/proc') if pid.isdigit()]
print(len(pids), found)
`
