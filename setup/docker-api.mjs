// Short questions to the Docker daemon over its own socket: ten times faster than starting the client, and it need not be installed.
import { request } from 'node:http'

/**
 * Where the daemon listens, from DOCKER_HOST or the usual place. `local` is false when it runs elsewhere.
 * @param {string} [address]
 */
export function dockerEndpoint(address = process.env.DOCKER_HOST) {
  if (address === undefined || address === '')
    return { socketPath: '/var/run/docker.sock', local: true, address: 'unix:///var/run/docker.sock' }
  if (address.startsWith('unix://')) return { socketPath: address.slice('unix://'.length), local: true, address }
  const url = /^(?:tcp|http):\/\//.test(address) ? new URL(address.replace(/^tcp:/, 'http:')) : null
  return { host: url?.hostname, port: url?.port ?? '2375', local: false, address }
}

/**
 * One GET. `status` 0 means that no daemon answered, with the reason in `problem`.
 * @param {string} path
 * @param {{ seconds?: number }} [options]
 * @returns {Promise<{ status: number, body: any, problem: string }>}
 */
export function askDocker(path, { seconds = 10 } = {}) {
  const { socketPath, host, port, local, address } = dockerEndpoint()
  if (!local && host === undefined)
    return Promise.resolve({ status: 0, body: null, problem: `DOCKER_HOST ${address} is neither unix:// nor tcp://` })
  const place = local ? { socketPath } : { host, port }
  return new Promise((resolve) => {
    const call = request({ ...place, path, method: 'GET', timeout: seconds * 1000 }, (response) => {
      let text = ''
      response.setEncoding('utf8')
      response.on('data', (part) => (text += part))
      response.on('end', () => resolve({ status: response.statusCode ?? 0, body: parsed(text), problem: '' }))
    })
    call.on('timeout', () => call.destroy(new Error(`no answer within ${seconds} s`)))
    call.on('error', (error) => resolve({ status: 0, body: null, problem: error.message }))
    call.end()
  })
}

/** @param {string} text */
function parsed(text) {
  try {
    return JSON.parse(text)
  } catch {
    return text
  }
}

/**
 * What the daemon says about itself.
 * @returns {Promise<{ answers: boolean, refused: boolean, problem: string, id: string, version: string, runtimes: Record<string, any>, root: string, cgroup: string, running: number, driver: string }>}
 */
export async function daemonFacts() {
  const { status, body, problem } = await askDocker('/info')
  const answers = status === 200
  return {
    answers,
    refused: /EACCES/.test(problem),
    problem: answers ? '' : problem || `the daemon answered ${status}`,
    id: body?.ID ?? '',
    version: body?.ServerVersion ?? '',
    runtimes: body?.Runtimes ?? {},
    root: body?.DockerRootDir ?? '',
    cgroup: body?.CgroupVersion ?? '',
    running: body?.ContainersRunning ?? 0,
    driver: body?.Driver ?? '',
  }
}

/**
 * The id and size in bytes of a local image, or null.
 * @param {string} reference
 * @returns {Promise<{ id: string, bytes: number } | null>}
 */
export async function localImage(reference) {
  const { status, body } = await askDocker(`/images/${encodeURIComponent(reference)}/json`)
  return status === 200 ? { id: body.Id, bytes: body.Size } : null
}
