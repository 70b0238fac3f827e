import type { RequestHandler } from 'express'
import { openApiOf } from '../openapi/document.ts'
import { pageOf, pagePolicy } from '../openapi/page.ts'
import { serviceContract } from '../wire/service/contract.ts'

/** `GET /openapi.json`: what the service answers to, made from what it reads requests by. */
export function getDocument(baseUrl: () => string): RequestHandler {
  let text: string | null = null
  return (_request, response) => {
    text ??= JSON.stringify(openApiOf(serviceContract, [baseUrl()]))
    response.setHeader('cache-control', 'no-cache').type('json').send(text)
  }
}

/** `GET /docs`: the same as a page, without scripts and without anything from elsewhere. */
export function getDocumentPage(baseUrl: () => string): RequestHandler {
  let html: string | null = null
  return (_request, response) => {
    html ??= pageOf(openApiOf(serviceContract, [baseUrl()]))
    response.set({ 'content-security-policy': pagePolicy, 'cache-control': 'no-cache' }).type('html').send(html)
  }
}
