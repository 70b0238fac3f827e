import type { Attack } from './attack.ts'

/**
 * The layers that an attack may be refused by, in the order in which a request meets them, each with how it is switched off for
 * an attack on another. `null`: no setting does, and the others are tried on their own instead.
 */
export const layers = {
  firewall: {
    title: 'firewall: Coraza with CRS',
    off: 'it is not in front; attacks on other layers do not pass it',
  },
  transport: {
    title: 'TLS with certificates of callers',
    off: 'no `http.tls`',
  },
  reading: {
    title: 'reading of a request',
    off: null,
  },
  identity: {
    title: 'credentials',
    off: '`gateway.identity.anonymous`, and none is sent; attacks on other layers come with a good one',
  },
  scopes: {
    title: 'scopes of a key',
    off: 'keys have all of them',
  },
  groups: {
    title: 'grants of a group',
    off: 'the group has all models, tools, sources and rights',
  },
  grant: {
    title: 'policy: who may ask',
    off: 'a bundle without terms of layers',
  },
  quota: {
    title: 'limits',
    off: 'the group has none',
  },
  document: {
    title: 'document of an endpoint',
    off: 'a document that says nothing of what its operations take and answer',
  },
  pictures: {
    title: 'decoding of pictures',
    off: 'a document that takes them as bytes',
  },
  payload: {
    title: 'policy: what is sent',
    off: 'a bundle without patterns and limits of size',
  },
  privacy: {
    title: 'hiding and restoring of personal data',
    off: '`privacy_profile: null`',
  },
  action: {
    title: 'policy: what tools do',
    off: 'a bundle without terms of actions',
  },
  rules: {
    title: 'rules on programs',
    off: '`code.forbid: []`',
  },
  sandbox: {
    title: 'sandbox',
    off: null,
  },
  gate: {
    title: 'SQL gate',
    off: null,
  },
  role: {
    title: 'role of the database',
    off: null,
  },
  filters: {
    title: 'filters on what leaves',
    off: 'a profile that allows every category',
  },
} as const

export type LayerName = keyof typeof layers

export const layerNames = Object.keys(layers) as readonly LayerName[]

/** Layers of which a group or a key of the configuration says what they do to it: those of other groups are as if they were off. */
const ofGroups: Readonly<Record<string, LayerName>> = {
  narrow: 'groups',
  closed: 'grant',
  restricted: 'grant',
  requests: 'quota',
  tokens: 'quota',
  money: 'quota',
  rows: 'quota',
}

/** What reads a request, by the kind of it. */
const readers: Readonly<Record<Attack['kind'], readonly LayerName[]>> = {
  transport: ['transport'],
  wire: ['reading'],
  call: ['reading', 'payload', 'privacy'],
  ask: ['reading', 'payload', 'privacy', 'action', 'filters'],
  sql: ['gate', 'role', 'filters'],
  code: ['rules', 'sandbox'],
  endpoint: ['firewall', 'reading', 'document', 'pictures'],
}

/**
 * The layers that an attack meets. One whose settings for its caller are the same whether it is on or off is none of them;
 * what is harmless is sent through all that others of its kind meet.
 */
export function pathOf(attack: Attack): readonly LayerName[] {
  const read = readers[attack.kind]
  if (attack.kind === 'transport' || attack.kind === 'wire' || attack.kind === 'code') return read
  if (attack.harmless === true) return layerNames
  if (attack.kind === 'endpoint') return read
  if (attack.kind === 'call' && attack.credential !== undefined) return ['identity', ...read]
  const { group = 'open', scopes } = attack
  const ofGroup = ofGroups[group]
  return [...(scopes === undefined ? [] : (['scopes'] as const)), ...(ofGroup === undefined ? [] : [ofGroup]), ...read]
}

/** Layers that the configuration of a service switches on and off. */
export const configurable = layerNames.filter((name) => layers[name].off !== null)
