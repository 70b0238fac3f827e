import { crc32, deflateRawSync } from 'node:zlib'
import type { CellResult } from '../../../src/core/result.ts'
import type { Sandbox } from '../../../src/sandbox/sandbox.ts'
import { unvetted } from '../../contract/sandbox-contract.ts'
import type { AttackRow } from './attack-rows.ts'
import type { HostCanary } from './host-canary.ts'

export interface AttackReport {
  readonly result: CellResult
  /** Paths of `refused` that were handed out all the same. */
  readonly handedOut: readonly string[]
  /** Null where the sandbox's own limit held. */
  readonly limitMilliseconds: number | null
  /** By the clock of the host. */
  readonly tookMilliseconds: number
}

const never = new AbortController().signal

/** For attacks that end by themselves. */
const patientMilliseconds = 20_000

/** A zip of some 300 KB that says 320 MiB in its one entry, and holds them. */
export function zipBomb(): Buffer {
  const content = Buffer.alloc(320 << 20)
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
  const limit = row.wall ?? ([row.outcome].flat().includes('timeout') ? null : patientMilliseconds)
  const began = performance.now()
  const options = limit === null ? {} : { timeoutMilliseconds: limit }
  const result = await sandbox.run(unvetted(code, row.language), options, never)
  const tookMilliseconds = performance.now() - began
  const handedOut: string[] = []
  for (const path of row.refused ?? []) if (await isHandedOut(sandbox, path)) handedOut.push(path)
  return { result, handedOut, limitMilliseconds: limit, tookMilliseconds }
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
