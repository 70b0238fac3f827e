import { awsExclusions } from './aws.ts'
import { cloudflareExclusions } from './cloudflare.ts'
import type { EndpointBodies } from '../../core/endpoint-bodies.ts'
import { corazaExclusions } from './coraza.ts'
import { corazaEndpoints } from './coraza-endpoints.ts'

/** Firewalls that the exclusions can be written for. */
export const exclusionFormats = ['coraza', 'aws', 'cloudflare'] as const

export type ExclusionFormat = (typeof exclusionFormats)[number]

/**
 * What a firewall in front of the service has to be told, so that conversations about code are no attacks: made from the
 * positions at which requests hold texts of people and models.
 */
export const wafExclusions: {
  /** `endpoints`: guarded endpoints, whose bodies it is told of too. */
  readonly coraza: (endpoints?: readonly EndpointBodies[]) => string
  readonly aws: () => string
  readonly cloudflare: () => string
} = {
  coraza: (endpoints = []) => corazaExclusions() + corazaEndpoints(endpoints),
  aws: awsExclusions,
  cloudflare: cloudflareExclusions,
}
