// What of deploy/kubernetes is in a cluster for tests: applied with a label of its own, by which that is found which the
// manifests have no more.
import { mkdirSync, writeFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import { PROJECT } from '../packages.mjs'
import { say } from '../shell.mjs'
import { kubectl } from './api.mjs'
import { FAULTY_CLASSES } from './objects.mjs'
import { inCluster } from './places.mjs'

/** What marks an object as made by `up`. */
const LABEL = 'sallyport.tests/made-by'

/** Kinds that manifests of sandboxes may have. What is in a namespace goes before it. */
const KINDS = [
  'validatingadmissionpolicybindings.admissionregistration.k8s.io',
  'validatingadmissionpolicies.admissionregistration.k8s.io',
  'networkpolicies.networking.k8s.io',
  'rolebindings.rbac.authorization.k8s.io',
  'roles.rbac.authorization.k8s.io',
  'resourcequotas',
  'limitranges',
  'configmaps',
  'serviceaccounts',
  'runtimeclasses.node.k8s.io',
  'namespaces',
]

/** Here pods of classes that are wrong on purpose are admitted, so that tests see what else refuses them. */
const faultyToo = [
  {
    op: 'replace',
    path: '/spec/validations/0/expression',
    value: `has(object.spec.runtimeClassName) && object.spec.runtimeClassName in ${JSON.stringify([
      'gvisor',
      ...FAULTY_CLASSES.items.map(({ metadata }) => metadata.name),
    ])}`,
  },
]

/** @typedef {{ kind: string, metadata: { name: string, namespace?: string } }} Named */

/** Applies the manifests, and deletes what was made of earlier ones and is in them no more. */
export function applyManifests(folder = join(PROJECT, 'deploy/kubernetes/sandboxes')) {
  const overlay = inCluster('manifests')
  mkdirSync(overlay, { recursive: true })
  const write = (/** @type {string} */ name, /** @type {object} */ content) =>
    writeFileSync(join(overlay, name), JSON.stringify(content))
  write('classes.json', FAULTY_CLASSES)
  write('kustomization.yaml', {
    apiVersion: 'kustomize.config.k8s.io/v1beta1',
    kind: 'Kustomization',
    labels: [{ pairs: { [LABEL]: 'up' } }],
    resources: [relative(overlay, folder), 'classes.json'],
    patches: [{ target: { kind: 'ValidatingAdmissionPolicy' }, patch: JSON.stringify(faultyToo) }],
  })
  const applied = kubectl(['apply', '--server-side', '--force-conflicts', '-k', overlay, '-o', 'json'])
  const wanted = new Set(namedIn(applied).map(nameOf))
  const found = namedIn(kubectl(['get', KINDS.join(','), '-A', '-l', `${LABEL}=up`, '-o', 'json']))
  for (const { kind, metadata } of found.filter((object) => !wanted.has(nameOf(object)))) {
    const place = metadata.namespace === undefined ? [] : ['-n', metadata.namespace]
    kubectl(['delete', kind, metadata.name, ...place, '--ignore-not-found'])
    say(`  – ${kind} ${metadata.name} is in the manifests no more, and is gone`)
  }
}

/** @param {string} text @returns {Named[]} */
const namedIn = (text) => {
  const said = JSON.parse(text)
  return said.items ?? [said]
}

/** @param {Named} object */
const nameOf = ({ kind, metadata: { namespace = '', name } }) => `${kind} ${namespace}/${name}`
