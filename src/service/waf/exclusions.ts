import { awsExclusions } from './aws.ts'
import { cloudflareExclusions } from './cloudflare.ts'
import { corazaExclusions } from './coraza.ts'

/** Firewalls that the exclusions can be written for. */
export const exclusionFormats = ['coraza', 'aws', 'cloudflare'] as const

export type ExclusionFormat = (typeof exclusionFormats)[number]

/**
 * What a firewall in front of the service has to be told, so that conversations about code are no attacks: made from the
 * positions at which requests hold texts of people and models.
 */
export const wafExclusions: Readonly<Record<ExclusionFormat, () => string>> = {
  coraza: corazaExclusions,
  aws: awsExclusions,
  cloudflare: cloudflareExclusions,
}
