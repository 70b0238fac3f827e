import { join } from 'node:path'
import { presidioCommand, presidioPackages } from '../../support/privacy/presidio-server.ts'
import { pythonEnvironment, type PythonEnvironment } from '../../support/python/python-environment.ts'
import { freePort, listening, liteLlmCommand, type Peer } from './peers.ts'
import { PinnedProcess, processors } from './pinned-process.ts'
import type { Subject } from './subjects.ts'

const path = '/v1/chat/completions'
const measured = { processor: processors.measured, readyWithinMilliseconds: 400_000 }

function mustHave(name: string, environment: PythonEnvironment | string): string {
  if (typeof environment === 'string') throw new Error(`${name} cannot be had: ${environment}`)
  return environment.python
}

/** MaskFlow's gateway with its patterns; its model of names is off, as it is by default. */
async function startMaskFlow(upstream: string): Promise<Subject> {
  const list = join(import.meta.dirname, '../quality/maskflow.txt')
  const python = mustHave('MaskFlow', pythonEnvironment('maskflow', list))
  const port = await freePort()
  const words = ['-I', '-m', 'maskflow_gateway', '--host', '127.0.0.1', '--port', String(port)]
  const started = await PinnedProcess.start([python, ...words], {
    ...measured,
    ready: /Uvicorn running|startup complete|gateway starting/i,
    environment: { MASKFLOW_GATEWAY_OPENAI_BASE_URL: `${upstream}/v1` },
  })
  await listening(port)
  const headers = { authorization: 'Bearer bench-upstream-key' }
  return { process: started, target: { origin: `http://127.0.0.1:${port}`, path, headers, rewrites: true } }
}

/** LiteLLM that has Presidio look at every message; what both of them take is counted. */
async function startLiteLlmWithPresidio(upstream: string): Promise<Subject> {
  const [ports, python] = [[await freePort(), await freePort()] as const, mustHave('Presidio', presidioPackages())]
  const analyzer = `http://127.0.0.1:${ports[1]}`
  const guardrail = {
    guardrail_name: 'presidio',
    litellm_params: {
      guardrail: 'presidio',
      mode: 'pre_call',
      default_on: true,
      output_parse_pii: true,
      presidio_language: 'en',
      presidio_analyzer_api_base: analyzer,
      presidio_anonymizer_api_base: analyzer,
    },
  }
  const { command, environment } = liteLlmCommand(upstream, ports[0], { guardrails: [guardrail] })
  const both = { port: ports[1], module: 'presidio_both', folders: [import.meta.dirname] }
  const presidio = presidioCommand(python, both)
  const together = [process.execPath, join(import.meta.dirname, 'together-subject.ts')]
  const started = await PinnedProcess.start([...together, JSON.stringify(presidio), JSON.stringify(command)], {
    ...measured,
    ready: /Set models:/,
    environment,
  })
  for (const port of ports) await listening(port)
  const headers = { authorization: 'Bearer sk-bench' }
  return { process: started, target: { origin: `http://127.0.0.1:${ports[0]}`, path, headers, rewrites: true } }
}

/** Other gateways that hide personal data from a model. */
export const piiPeers: readonly Peer[] = [
  { name: 'maskflow', share: 0.1, start: startMaskFlow },
  { name: 'litellm-presidio', share: 0.002, start: startLiteLlmWithPresidio },
]
