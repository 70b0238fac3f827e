import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { parseAllDocuments } from 'yaml'
import { driverRights } from '../../../../../src/sandbox/containers/kubernetes/rights.ts'

interface Rule {
  readonly apiGroups: readonly string[]
  readonly resources: readonly string[]
  readonly verbs: readonly string[]
}

const path = new URL('../../../../../deploy/kubernetes/sandboxes/rights.yaml', import.meta.url)
const documents = parseAllDocuments(readFileSync(path, 'utf8')).map((each) => each.toJS() as Record<string, unknown>)

/** As `verb resource`, with the group where that is not the core's. */
function spelled(rules: readonly Rule[]): string[] {
  return rules
    .flatMap(({ apiGroups, resources, verbs }) =>
      apiGroups.flatMap((group) =>
        resources.flatMap((resource) => verbs.map((verb) => `${verb} ${resource}${group === '' ? '' : `.${group}`}`)),
      ),
    )
    .toSorted()
}

describe('the rights of the manifests', () => {
  it('are in the namespace of sandboxes what the driver asks for and, to tell why a Pod does not start, its events', () => {
    const role = documents.find(({ kind }) => kind === 'Role') as { readonly rules: readonly Rule[] } | undefined
    const asked = driverRights.map(({ group, resource, verbs, ...more }) => ({
      apiGroups: [group],
      resources: ['subresource' in more ? `${resource}/${more.subresource}` : resource],
      verbs,
    }))
    const events = { apiGroups: [''], resources: ['events'], verbs: ['list'] }
    expect(spelled(role?.rules ?? [])).toEqual(spelled([...asked, events]))
  })
})
