import { fileURLToPath } from 'node:url'
import type { MethodDefinition, ServiceDefinition } from '@grpc/grpc-js'
import { loadSync } from '@grpc/proto-loader'

/** One header as Envoy writes it: the value in one of the two members, the other empty. */
export interface EnvoyHeader {
  readonly key: string
  readonly value: string
  readonly rawValue: Buffer
}

/** What is read of a question of ext_authz; members are null where Envoy has sent none. */
export interface CheckRequest {
  readonly attributes: {
    readonly source: { readonly address: { readonly socketAddress: { readonly address: string } | null } | null } | null
    readonly request: {
      readonly http: {
        readonly method: string
        readonly headers: Readonly<Record<string, string>>
        readonly path: string
        readonly headerMap: { readonly headers: readonly EnvoyHeader[] } | null
      } | null
    } | null
  } | null
}

interface SetHeader {
  readonly header: { readonly key: string; readonly value: string }
}

/** A code of gRPC, and how a request that does not pass is answered. */
export interface CheckResponse {
  readonly status: { readonly code: number }
  readonly okResponse?: Readonly<Record<string, never>>
  readonly deniedResponse?: {
    readonly status: { readonly code: number }
    readonly headers: readonly SetHeader[]
    readonly body: string
  }
}

/** Reads the fields of a file beside this one: defaults are there, 64 bits are numbers. */
function load(file: string, service: string): ServiceDefinition {
  const path = fileURLToPath(new URL(`services/${file}`, import.meta.url))
  return loadSync(path, { defaults: true, longs: Number })[service] as ServiceDefinition
}

interface AuthorizationService extends ServiceDefinition {
  readonly Check: MethodDefinition<CheckRequest, CheckResponse>
}

export const authorizationService = (): AuthorizationService =>
  load('ext-authz.proto', 'envoy.service.auth.v3.Authorization') as AuthorizationService
