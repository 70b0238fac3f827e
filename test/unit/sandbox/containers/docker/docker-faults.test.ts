import { describe, expect, it } from 'vitest'
import { ServiceError } from '../../../../../src/core/errors.ts'
import { isUnreachable, statusOf, toDockerFault } from '../../../../../src/sandbox/containers/docker/docker-faults.ts'

const unregistered = 'gVisor is not registered with Docker under the configured name'

describe('what Docker throws', () => {
  it.each([
    [{ code: 'EACCES' }, "Docker's socket may not be opened by this user (EACCES)", 'group "docker"'],
    [{ code: 'EPERM' }, "Docker's socket may not be opened by this user (EPERM)", 'group "docker"'],
    [{ code: 'ENOENT' }, 'Docker does not answer (ENOENT) while starting', 'Start Docker'],
    [{ code: 'ECONNREFUSED' }, 'Docker does not answer (ECONNREFUSED) while starting', 'Start Docker'],
    [{ code: 'ECONNRESET' }, 'Docker does not answer (ECONNRESET) while starting', 'Start Docker'],
    [{ code: 'EPIPE' }, 'Docker does not answer (EPIPE) while starting', 'Start Docker'],
    [{ statusCode: 404, message: 'No such image: x' }, 'The sandbox image is not on this host', 'builds the image'],
    [{ statusCode: 500, message: 'unknown or invalid runtime name: x' }, unregistered, 'registers it'],
    [{ statusCode: 400, message: 'Runtime x not found' }, unregistered, 'registers it'],
  ])('is a fault with advice: %j', (thrown, message, advice) => {
    expect(toDockerFault(thrown, 'starting')).toMatchObject({
      code: 'sandbox-unavailable',
      message,
      advice: expect.stringContaining(advice),
      cause: thrown,
    })
  })

  it.each([
    [{ statusCode: 500, message: 'no such image' }, 'no such image'],
    [{ statusCode: 404, message: 'No such container: x' }, 'No such container: x'],
    [{ message: 'the runtime is slow' }, 'the runtime is slow'],
    [{ message: 'invalid mount' }, 'invalid mount'],
    [{ code: 'EMFILE', message: 'too many files' }, 'too many files'],
    ['broken', 'broken'],
    [null, 'null'],
    [{ message: 'x'.repeat(400) }, 'x'.repeat(300)],
  ])('is shown as it is where nothing more is known: %j', (thrown, said) => {
    expect(toDockerFault(thrown, 'starting')).toMatchObject({
      code: 'sandbox-unavailable',
      message: `Docker failed while starting: ${said}`,
      cause: thrown,
    })
  })

  it.each([
    new ServiceError('sandbox-busy', 'full'),
    new DOMException('stopped', 'AbortError'),
    new DOMException('late', 'TimeoutError'),
  ])('passes through where it is a fault of ours or an abort: %s', (thrown) => {
    expect(toDockerFault(thrown, 'starting')).toBe(thrown)
  })

  it('has a status, or none', () => {
    expect([statusOf({ statusCode: 404 }), statusOf({}), statusOf(null)]).toEqual([404, undefined, undefined])
  })

  it.each([
    ['ENOENT', true],
    ['ECONNREFUSED', true],
    ['EACCES', true],
    ['EPERM', true],
    ['ECONNRESET', false],
    [undefined, false],
  ])('says of the code %s whether nobody can be reached: %s', (code, expected) => {
    expect(isUnreachable({ code })).toBe(expected)
    expect(isUnreachable(null)).toBe(false)
  })
})
