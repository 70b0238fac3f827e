import type { PayloadPolicy } from '../../../src/gateway/authorize/payload/payload-policy.ts'

/** Rules that let every request be sent as it is. */
export const allowsPayloads: PayloadPolicy = {
  ofCall: async (call) => call,
  ofEndpoint: async () => undefined,
  ofRequest: async (request) => request,
}
