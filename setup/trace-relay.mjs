#!/usr/bin/env node
// `node setup/trace-relay.mjs`: builds the program that reads the traces of sandboxes (docs/detection.md), once for each
// state of its sources.
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync } from 'node:fs'
import { homedir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { findProgram, isRoot, runShown, say, SetupError } from './shell.mjs'
import { logFile } from './state.mjs'

const SOURCES = fileURLToPath(new URL('../runsc/trace-relay/', import.meta.url))

/** Where the program of these sources is, whether or not it has been built: a file that only its owner can change. */
export function traceRelayPath() {
  const digest = createHash('sha256')
  const names = readdirSync(SOURCES).filter((name) => /^go\.mod$|(?<!_test)\.go$/.test(name))
  for (const name of names.sort()) digest.update(`${name}\0`).update(readFileSync(join(SOURCES, name)))
  const library = isRoot() ? '/usr/local/lib/sallyport' : join(homedir(), '.local', 'lib', 'sallyport')
  return join(library, `trace-relay-${digest.digest('hex').slice(0, 12)}`, 'trace-relay')
}

/** Go, which builds it; null where there is none. */
const findGo = () => findProgram('go') ?? (existsSync('/usr/local/go/bin/go') ? '/usr/local/go/bin/go' : null)

/** Whether it is there, and whether it can be built here for somebody who can use it: tracing takes root on x86-64. */
export function traceRelayFacts() {
  // An installation may come without its sources, as in the image of the service.
  if (!existsSync(SOURCES)) return { built: false, buildable: false }
  return { built: existsSync(traceRelayPath()), buildable: isRoot() && process.arch === 'x64' && findGo() !== null }
}

/** Builds it where it is not there. Rejects with SetupError where that cannot be done. */
export async function ensureTraceRelay() {
  const path = traceRelayPath()
  if (existsSync(path)) return path
  const go = findGo()
  if (go === null)
    throw new SetupError(
      'There is no Go to build the relay of traces with.',
      'Install Go 1.22 or later, then run this again.',
    )
  mkdirSync(dirname(path), { recursive: true, mode: 0o755 })
  // Two at once build the same, and the last one's file takes the place.
  const draft = `${path}.${process.pid}`
  await runShown(
    'build the relay of traces',
    [go, 'build', '-buildvcs=false', '-trimpath', '-ldflags', '-s -w', '-o', draft, '.'],
    { log: logFile('trace-relay'), folder: SOURCES, environment: { ...process.env, CGO_ENABLED: '0' } },
  )
  renameSync(draft, path)
  return path
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  try {
    say(`  ✓ the relay of traces is at ${await ensureTraceRelay()}`)
  } catch (error) {
    if (!(error instanceof SetupError)) throw error
    say(`✖ ${error.message}${error.advice === '' ? '' : `\n  → ${error.advice}`}`)
    process.exitCode = 1
  }
}
