import { readdirSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { describe, expect, it } from 'vitest'

const folder = resolve(import.meta.dirname, '../../findings')
const read = (name: string) => readFileSync(join(folder, name), 'utf8')
const scripts = readdirSync(folder).filter((name) => name.endsWith('.sh'))

const rows = [...read('README.md').matchAll(/^\| \[([^\]]+)\]\(([^)]+)\) \| ([^|]+) \| ([^|]+) \|$/gm)].map(
  ([, name = '', target = '', of = '', seen = '']) => ({ name, target, of, seen }),
)

describe('the list of findings', () => {
  it('has every file of its folder once, and no other', () => {
    expect(rows.map(({ name }) => name)).toEqual(scripts.toSorted())
    expect(rows.map(({ target }) => target)).toEqual(rows.map(({ name }) => name))
    expect(readdirSync(folder).filter((name) => !scripts.includes(name))).toEqual(['README.md'])
  })

  it.each(rows)('names of $name the packages and versions that it names and installs', ({ name, of, seen }) => {
    const script = read(name)
    const named = /^# Versions?: (.+)\.$/m.exec(script)?.[1]?.replace(', with ', ', ')
    expect(of).toBe(named)
    const install = /(?<=\s)(?:github\.com\/[\w-]+\/)?((?:@[\w-]+\/)?[\w-]+)(?:==|@)v?(\d[\w.]*)/g
    const installed = [...script.matchAll(install)].map((match) => `${match[1]} ${match[2]}`)
    expect(installed).toEqual(expect.arrayContaining(of.split(', ')))
    expect(seen.length).toBeGreaterThan(20)
  })

  it.each(scripts)('%s begins with its version, its behaviour and what it puts out, and can be run', (name) => {
    expect(read(name)).toMatch(/^#!\/usr\/bin\/env bash\n# Versions?: .*\n# Behaviour: .*\n(?:# .*\n)*# Output: /)
    expect(read(name)).toContain('set -euo pipefail')
  })
})
