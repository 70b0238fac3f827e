import type { Promises } from '../requirements.ts'

/** What SECURITY.md promises. */
export const securityPromises = {
  'SECURITY.md#trust': {
    'security.operator-only':
      'What stands behind the service, and what it said, is for the log and not for the caller.',
    'security.fenced': 'Tool results reach the model within a fence that data cannot close.',
    'security.hashed-packages': 'Every npm package and every Python wheel is pinned by a hash.',
    'security.group-decides': 'A caller gets no tool, model or source that the group does not have.',
  },
  'SECURITY.md#walls-and-courtesies': {
    'security.unprivileged': 'Code in gVisor has no capabilities, no new privileges and no root.',
    'security.handshake': 'A sandbox in which a wall does not stand is not used.',
    'security.one-tenant': 'A sandbox is given to one tenant and destroyed after.',
    'security.supervisor': 'Code cannot touch the supervisor, which has a uid of its own.',
    'security.frames-checked': 'The host refuses frames of a wrong size, nonce or shape.',
    'security.isolate-environment': "The process of an isolate has nothing of the service's environment.",
    'security.isolate-killed': 'The process of an isolate that does not stop is ended by the host.',
    'security.read-only-role': 'A role that can do more than read is refused with the list of what it can do.',
    'security.mysql-account': 'A MySQL account that can do more than read is refused with the list of what it can do.',
    'security.masks-by-lineage': 'A masked column leaves masked wherever it stands in the result.',
    'security.sealed-duckdb': 'A database of files can do nothing but read.',
    'security.no-wall-lost': 'Without Docker gVisor is started by itself only where no wall of Docker is lost by it.',
    'security.own-records': 'A record that somebody else could have written, or a torn one, means the whole proof.',
    'security.no-weaker-fallback': 'Without gVisor there is no Python, and the error says how to get it.',
  },
  'SECURITY.md#each-layer-alone': {
    'security.layers': 'Each attack of the list is refused by a layer with all others off, and by all together.',
  },
  'docs/layers.md#each-layer-alone': {
    'layers.harmless': 'Ordinary requests are let through by every layer, and by all together.',
    'layers.firewall': 'The table says which attacks the firewall in front refuses by itself.',
    'layers.missed': 'What gets past all layers is told as such.',
  },
  'SECURITY.md#what-code-in-the-sandbox-can-do': {
    'security.attack-programs': 'More than 250 hostile programs are tried, and cover every item of the list of abuse.',
    'security.attacks-under-both': 'Each runs under both drivers beside a tenant and a canary, and leaves nothing.',
  },
  'SECURITY.md#not-defended': {
    'security.trail-shows-tampering': 'The audit trail shows a changed, a removed and a moved line.',
    'links.disarmed': "Pictures and links that lead elsewhere are disarmed in a model's words.",
    'links.disarmed-in-displays': 'They are disarmed in displays of HTML and SVG, too.',
    'links.allowed': 'A profile may allow them.',
    'ledger.against-trackers': 'An attacker who knows all but the protected values learns nothing about anybody.',
  },
  'SECURITY.md#operating-it-safely': {
    'security.hashes-only': "The file of keys holds hashes and is its owner's only.",
    'security.readable-files-named': 'A private file that others may read is named, with what mends it.',
    'security.metrics-key': "Metrics are shown to a key of a group that may see them, and to no caller's.",
    'security.secret-files': 'A secret may come from the file that a `_FILE` variable names.',
    'security.project-file': 'A `sallyport.yaml` in the working folder can only tighten.',
  },
} as const satisfies Promises
