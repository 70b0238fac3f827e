import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import type { KeyScope } from '../../../src/core/key-scopes.ts'
import type { SentPicture } from './endpoint-parts.ts'

interface Row {
  readonly name: string
  /** Nobody is harmed by it: every layer has to let it through. */
  readonly harmless?: true
  /** No layer stops it, and SECURITY.md says so. */
  readonly missed?: true
}

/** What is there when an attack has got through; without any of these, that the service answers it with success. */
export interface Through {
  /** A text that a model is sent. */
  readonly sent?: string
  /** A text that the caller is answered with. */
  readonly answered?: string
}

interface Asked extends Row {
  /** Of the group that the caller's key is of, by the configuration in `service-config.ts`. */
  readonly group?: string
  /** Of the key, where they are switched on. */
  readonly scopes?: readonly KeyScope[]
  readonly through?: Through
}

export type CredentialAttack =
  | 'none'
  | 'unknown'
  | 'cut'
  | 'other case'
  | 'expired'
  | 'revoked'
  | 'in the address'
  | TokenAttack

/** A token with these members in place of, or beside, those of a good one; `null` leaves a member out. */
export interface TokenAttack {
  readonly header?: Readonly<Record<string, unknown>>
  readonly claims?: Readonly<Record<string, unknown>>
  /** Seconds from now, for members of time. */
  readonly times?: Readonly<Record<string, number>>
  readonly signed: 'well' | 'by another key' | 'with the public key as a secret' | 'with zeros' | 'not at all'
}

/** A handshake, or none, in place of a good one. */
export interface TransportAttack extends Row {
  readonly kind: 'transport'
  readonly connects: 'without encryption' | 'without a certificate' | 'as a stranger' | 'by TLS 1.1' | 'without AEAD'
}

/** Bytes as they are on the wire, line by line; `KEY` is a good key, `LENGTH` the length of the last line. */
export interface WireAttack extends Row {
  readonly kind: 'wire'
  readonly lines: readonly string[]
  /** A last line of as many of these, in place of one that is written out. */
  readonly repeated?: readonly [text: string, times: number]
}

export interface CallAttack extends Asked {
  readonly kind: 'call'
  readonly credential?: CredentialAttack
  readonly method?: string
  readonly path?: string
  /** Members beside, or in place of, those of a good call. */
  readonly body?: Readonly<Record<string, unknown>>
  /** A text that stands for `LONG` in the body, so many times. */
  readonly long?: readonly [text: string, times: number]
  /** How often it was sent before. */
  readonly before?: number
  /** What the model says; `SEEN` is what it has seen in the place of the e-mail address that the call names. */
  readonly said?: string
}

export interface AskAttack extends Asked {
  readonly kind: 'ask'
  /** What the service's own model does, turn by turn. */
  readonly turns: readonly {
    readonly text?: string
    readonly calls?: readonly { readonly name: string; readonly arguments: object }[]
  }[]
}

export interface SqlAttack extends Asked {
  readonly kind: 'sql'
  readonly statement: string
  /** Takes all of a database until it is ended from outside: it is not run where nothing does that. */
  readonly endless?: true
  readonly before?: number
}

export interface CodeAttack extends Row {
  readonly kind: 'code'
  readonly language: 'python' | 'javascript'
  /** Runs in an isolate, where it says so; else in gVisor. It prints `reached` where it has got through. */
  readonly isolate?: true
  readonly code: readonly string[]
}

/**
 * What somebody from outside sends to a guarded endpoint, or to any other route. It is through where the service behind is sent it;
 * where it is after the answer, or another route, where that is answered with success.
 */
export interface EndpointAttack extends Row {
  readonly kind: 'endpoint'
  /** GET where there is none of a body. */
  readonly method?: 'POST' | 'PUT'
  /** With its query; `/endpoints/guarded/label` or `…/picture`, unless it says another. */
  readonly path?: string
  readonly headers?: Readonly<Record<string, string>>
  /** A value of JSON, or a text that is sent as it is; `LONG` in it stands for a text so many times. */
  readonly body?: object | string
  readonly long?: readonly [text: string, times: number]
  readonly picture?: SentPicture
  /** Sent as gzip. */
  readonly packed?: true
  /** What the service behind answers in place of a label. */
  readonly said?: { readonly type: string; readonly text: string }
  readonly through?: Through
  /** Reading refuses it, with all else off. */
  readonly reading?: true
  /** The firewall refuses it by itself. */
  readonly firewall?: true
}

export type Attack = TransportAttack | WireAttack | CallAttack | AskAttack | SqlAttack | CodeAttack | EndpointAttack

export const attacks = JSON.parse(
  readFileSync(resolve(import.meta.dirname, '../../attack/layers.json'), 'utf8'),
) as readonly Attack[]
