// Questions to the API server as the cluster's administrator, and kubectl for what is more than a question.
import { readFileSync } from 'node:fs'
import { request } from 'node:https'
import { join } from 'node:path'
import { ask, SetupError } from '../shell.mjs'
import { certificate, key, kubeconfig } from './keys.mjs'
import { lastWords, pidOf } from './parts.mjs'
import { inCluster, knownCluster, NODE } from './places.mjs'
import { programsFolder } from './programs.mjs'

/** Milliseconds in which a part must come to answer on a busy machine. */
const PATIENCE = 180_000

/** Milliseconds that one question may take. */
const ANSWER_PATIENCE = 10_000

/**
 * What the API server says to a GET, as it is: its status and its body. Rejects where it does not answer.
 * @param {string} path such as `/readyz`
 * @returns {Promise<{ status: number, body: string }>}
 */
export function getFromApi(path) {
  const port = knownCluster()?.ports.api
  const [ca, cert, own] = [certificate('ca'), certificate('admin'), key('admin')].map((file) => readFileSync(file))
  return new Promise((resolve, reject) => {
    const options = { host: NODE, port, path, ca, cert, key: own, timeout: ANSWER_PATIENCE, agent: false }
    const asking = request(options, (response) => {
      let body = ''
      response.setEncoding('utf8')
      response.on('data', (text) => (body += text))
      response.on('end', () => resolve({ status: response.statusCode ?? 0, body }))
      response.on('error', reject)
    })
    asking.on('timeout', () => asking.destroy(new Error('no answer')))
    asking.on('error', reject)
    asking.end()
  })
}

/**
 * Runs kubectl as the administrator; throws SetupError with what it said where it fails.
 * @param {string[]} words
 * @param {{ input?: string, seconds?: number }} [options]
 * @returns {string} what it printed
 */
export function kubectl(words, { input = '', seconds = 120 } = {}) {
  const all = ['--kubeconfig', kubeconfig('admin'), '--cache-dir', inCluster('kubectl'), ...words]
  const { ok, output, problem } = ask(join(programsFolder(), 'kubectl'), all, { input, seconds, environment: {} })
  if (!ok) throw new SetupError(`kubectl ${words.join(' ')}: ${problem}`)
  return output
}

/**
 * Waits until something holds, for as long as the part it depends on is at work.
 * @param {string} what
 * @param {import('./parts.mjs').Part} part
 * @param {() => boolean | Promise<boolean>} holds a rejection counts as "not yet"
 */
export async function until(what, part, holds) {
  const deadline = performance.now() + PATIENCE
  for (;;) {
    const ended = pidOf(part) === null
    let why = ''
    try {
      if (!ended && (await holds())) return
    } catch (error) {
      why = ` (${error instanceof Error ? error.message : String(error)})`
    }
    if (ended || performance.now() > deadline)
      throw new SetupError(
        `${what}: ${part} ${ended ? 'ended' : `did not come so far${why}`}. It said last:\n    ${lastWords(part)}`,
        'Look at what it said, then run this again; npm run kubernetes -- down removes all there is.',
      )
    await new Promise((resolve) => setTimeout(resolve, 100))
  }
}

export const apiIsReady = async () => (await getFromApi('/readyz')).status === 200
