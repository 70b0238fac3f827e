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
  return loadSync(path, { defaults: true, longs: Number, oneofs: true })[service] as ServiceDefinition
}

interface AuthorizationService extends ServiceDefinition {
  readonly Check: MethodDefinition<CheckRequest, CheckResponse>
}

export const authorizationService = (): AuthorizationService =>
  load('ext-authz.proto', 'envoy.service.auth.v3.Authorization') as AuthorizationService

export interface BodyPiece {
  readonly body: Buffer
  readonly endOfStream: boolean
}

interface HeaderList {
  readonly headers: readonly EnvoyHeader[]
}

/** One message of Envoy's about an exchange: `request` names the member that is there. */
export type ProcessingRequest = (
  | { readonly request: 'requestHeaders'; readonly requestHeaders: HeadMessage }
  | { readonly request: 'responseHeaders'; readonly responseHeaders: HeadMessage }
  | { readonly request: 'requestBody'; readonly requestBody: BodyPiece }
  | { readonly request: 'responseBody'; readonly responseBody: BodyPiece }
  | { readonly request: 'requestTrailers'; readonly requestTrailers: { readonly trailers: HeaderList | null } }
  | { readonly request: 'responseTrailers'; readonly responseTrailers: { readonly trailers: HeaderList | null } }
) & {
  readonly observabilityMode: boolean
  /** Of the first message alone; modes by their numbers: 1 is STREAMED, 4 FULL_DUPLEX_STREAMED. */
  readonly protocolConfig: ProtocolConfiguration | null
}

export interface HeadMessage {
  readonly headers: HeaderList | null
  readonly endOfStream: boolean
}

export interface ProtocolConfiguration {
  readonly requestBodyMode: number
  readonly responseBodyMode: number
  readonly sendBodyWithoutWaitingForHeaderResponse: boolean
}

export interface HeaderMutation {
  readonly setHeaders: readonly {
    readonly header: { readonly key: string; readonly rawValue: Buffer }
    readonly appendAction: number
  }[]
  readonly removeHeaders: readonly string[]
}

/** A piece in the place of one of Envoy's, or one that stands for none. */
export type BodyMutation = { readonly body: Buffer } | { readonly streamedResponse: BodyPiece }

interface Changes {
  readonly headerMutation?: HeaderMutation
  readonly bodyMutation?: BodyMutation
}

/** What Envoy is to make of a message; has one member. */
export interface ProcessingResponse {
  readonly requestHeaders?: { readonly response: Changes }
  readonly responseHeaders?: { readonly response: Changes }
  readonly requestBody?: { readonly response: Changes }
  readonly responseBody?: { readonly response: Changes }
  readonly requestTrailers?: { readonly headerMutation: HeaderMutation }
  readonly responseTrailers?: { readonly headerMutation: HeaderMutation }
  readonly immediateResponse?: {
    readonly status: { readonly code: number }
    readonly headers: HeaderMutation
    readonly body: Buffer
    readonly details: string
  }
}

interface ExternalProcessorService extends ServiceDefinition {
  readonly Process: MethodDefinition<ProcessingRequest, ProcessingResponse>
}

export const externalProcessorService = (): ExternalProcessorService =>
  load('ext-proc.proto', 'envoy.service.ext_proc.v3.ExternalProcessor') as ExternalProcessorService
