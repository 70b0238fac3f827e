import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { expect, it } from 'vitest'

const root = resolve(import.meta.dirname, '../../../../..')
const folder = join(root, 'src/sandbox/containers/kubernetes')

it('the manifests that the driver tells people to apply are there', () => {
  const text = readdirSync(folder).map((name) => readFileSync(join(folder, name), 'utf8'))
  const named = text.join('').matchAll(/kubectl apply -k ([\w/-]+)/g)
  const folders = [...new Set([...named].map(([, path = '']) => path))]
  expect(folders).not.toEqual([])
  expect(folders.filter((path) => !existsSync(join(root, path, 'kustomization.yaml')))).toEqual([])
})
