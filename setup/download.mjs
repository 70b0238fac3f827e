// One file over HTTPS, by curl where it is installed (it knows the system's proxies and certificates), else by Node.
import { createWriteStream } from 'node:fs'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { findProgram, runShown, showProgress, SetupError } from './shell.mjs'
import { logFile } from './state.mjs'

/**
 * Rejects with SetupError when the address does not answer within ten seconds or ends early; the file then may be partial.
 * @param {string} title
 * @param {string} address
 * @param {string} file
 */
export async function download(title, address, file) {
  const curl = findProgram('curl')
  if (curl === null) return downloadByNode(title, address, file)
  const parameters = [
    '--fail',
    '--silent',
    '--show-error',
    '--location',
    '--connect-timeout',
    '10',
    '--speed-time',
    '30',
    '--speed-limit',
    '1000',
  ]
  await runShown(title, [curl, ...parameters, '--output', file, address], { log: logFile('download') })
}

/**
 * @param {string} title
 * @param {string} address
 * @param {string} file
 */
export async function downloadByNode(title, address, file) {
  const progress = showProgress(title)
  let ok = false
  try {
    const waiting = new AbortController()
    const timer = setTimeout(() => waiting.abort(new Error('no answer within 10 s')), 10_000)
    const response = await fetch(address, { signal: waiting.signal }).finally(() => clearTimeout(timer))
    if (!response.ok || response.body === null) throw new Error(`the server answered ${response.status}`)
    await pipeline(Readable.fromWeb(/** @type {any} */ (response.body)), createWriteStream(file))
    ok = true
  } catch (error) {
    const cause = error instanceof Error && error.cause instanceof Error ? `: ${error.cause.message}` : ''
    throw new SetupError(`${title}: ${error instanceof Error ? error.message : String(error)}${cause}`)
  } finally {
    progress.end(ok)
  }
}
