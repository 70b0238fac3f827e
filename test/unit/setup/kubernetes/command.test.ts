import { spawnSync } from 'node:child_process'
import { resolve } from 'node:path'
import { describe, expect, it } from 'vitest'

const program = resolve(import.meta.dirname, '../../../../setup/kubernetes.mjs')
const run = (...words: string[]) => spawnSync(process.execPath, [program, ...words], { encoding: 'utf8' })

describe('the command of the cluster', () => {
  it.each([[[]], [['start']], [['up', 'now']], [['toString']]])('says what there is when it is given %j', (words) => {
    const { status, stderr, stdout } = run(...words)
    expect({ status, stdout }).toEqual({ status: 2, stdout: '' })
    for (const name of ['up', 'down', 'status', 'env']) expect(stderr).toMatch(new RegExp(`\\b${name} `))
  })

  it('gives a shell its kubectl and kubeconfig', () => {
    const script = `${run('env').stdout}echo "$KUBECONFIG"; echo "$PATH"`
    const { stdout } = spawnSync('sh', ['-c', script], { encoding: 'utf8', env: { PATH: '/usr/bin:/bin' } })
    expect(stdout).toMatch(/^\/\S+\/admin\.kubeconfig\n\/\S+\/kubernetes-[0-9a-f]{16}:\/usr\/bin:\/bin\n$/)
  })

  it('tells programs what there is', () => {
    const told = JSON.parse(run('status').stdout) as Record<string, unknown>
    expect(told).toMatchObject({ running: expect.any(Array) as unknown[], missing: expect.any(Array) as unknown[] })
  })
})
