import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { pythonEnvironment } from '../../support/python/python-environment.ts'

const seconds = 5

interface PeerLoad {
  readonly pairs: number
  /** Of processor time of its process. */
  readonly processor: number
}

/**
 * What LiteLLM does for a budget with Redis, for so many keys and so many at a time in one process: it looks whether what a
 * key spent is below its budget, and adds what a call cost. Nothing is held between both.
 */
export function liteLlmBudget(url: string, { keys, atOnce }: { keys: number; atOnce: number }): PeerLoad {
  const environment = pythonEnvironment('litellm', join(import.meta.dirname, '../pass-through/litellm.txt'))
  if (typeof environment === 'string') throw new Error(`LiteLLM cannot be had: ${environment}`)
  const { port, pathname } = new URL(url)
  const script = join(import.meta.dirname, 'litellm_budget.py')
  const words = [script, port, pathname.slice(1), String(keys), String(atOnce), String(seconds)]
  const { status, stdout, stderr } = spawnSync(environment.python, words, {
    encoding: 'utf8',
    timeout: 300_000,
    env: { ...process.env, LITELLM_LOCAL_MODEL_COST_MAP: 'True', LITELLM_LOG: 'ERROR' },
  })
  if (status !== 0) throw new Error(`LiteLLM's budget check failed: ${stderr.trim().slice(-300)}`)
  return JSON.parse(stdout.trim().split('\n').at(-1) ?? '') as PeerLoad
}
