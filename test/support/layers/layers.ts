import type { Attack } from './attack.ts'

/**
 * The layers that an attack may be refused by, in the order in which a request meets them, each with how it is switched off for
 * an attack on another. `null`: no setting does, and the others are tried on their own instead.
 */
export const layers = {
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

const everywhere = ['transport', 'identity', 'scopes', 'groups', 'grant', 'quota'] as const

/** The layers that an attack of a kind meets. */
export const pathOf: Readonly<Record<Attack['kind'], readonly LayerName[]>> = {
  transport: ['transport'],
  wire: ['transport', 'reading'],
  call: [...everywhere, 'reading', 'payload', 'privacy'],
  ask: [...everywhere, 'reading', 'payload', 'privacy', 'action', 'filters'],
  sql: [...everywhere, 'gate', 'role', 'filters'],
  code: ['rules', 'sandbox'],
}

/** Layers that the configuration of a service switches on and off. */
export const configurable = layerNames.filter((name) => layers[name].off !== null)
