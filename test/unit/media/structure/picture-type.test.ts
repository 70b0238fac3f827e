import { describe, expect, it } from 'vitest'
import { isPictureType, registeredType, typeByBytes } from '../../../../src/media/structure/picture-type.ts'

const typeOf = (text: string): string | null => typeByBytes(Buffer.from(text, 'latin1'))

describe('the type of bytes', () => {
  it.each([
    ['\x89PNG\r\n\x1a\n', 'image/png'],
    ['\xff\xd8\xff', 'image/jpeg'],
    ['GIF87a', 'image/gif'],
    ['GIF89a', 'image/gif'],
    ['RIFF\x04\0\0\0WEBP', 'image/webp'],
    ['BM', 'image/bmp'],
    ['II*\0', 'image/tiff'],
    ['MM\0*', 'image/tiff'],
    ['\0\0\0\x20ftypavif', 'image/avif'],
    ['\0\0\0\x20ftypheic', 'image/heic'],
    ['\0\0\x01\0', 'image/vnd.microsoft.icon'],
    ['\xff\x0a', 'image/jxl'],
    ['\0\0\0\x0cJXL ', 'image/jxl'],
    ['8BPS', 'image/vnd.adobe.photoshop'],
    ['%PDF-1.7', 'application/pdf'],
    ['PK\x03\x04', 'application/zip'],
  ])('that begin with %j is %s, and none where they begin later', (text, type) => {
    expect(typeOf(text)).toBe(type)
    expect(typeOf(`${text} and more`)).toBe(type)
    expect(typeOf(`.${text}`)).toBeNull()
  })

  it.each([
    ['<svg/>', 'image/svg+xml'],
    ['<?xml version="1.0"?><SVG/>', 'image/svg+xml'],
    [' \n\t<!-- a word --><svg/>', 'image/svg+xml'],
    ['\xef\xbb\xbf<svg/>', 'image/svg+xml'],
    ['<!DOCTYPE html><p>', 'text/html'],
    ['<HTML>', 'text/html'],
    ['<script>', 'text/html'],
    ['<b', 'text/html'],
    ['<?xml version="1.0"?>', 'text/html'],
  ])('that begin with markup is none of a picture: %j', (text, type) => {
    expect(typeOf(text)).toBe(type)
  })

  it.each([['words <svg/>'], ['<1'], ['\x89PN'], ['RIFF\x04\0\0\0WAVE'], ['riff\x04\0\0\0WEBP'], ['']])(
    'that begin with nothing known has no name: %j',
    (text) => {
      expect(typeOf(text)).toBeNull()
    },
  )

  it('is looked for in their beginning alone', () => {
    expect(typeOf(`<b>${' '.repeat(121)}<svg`)).toBe('image/svg+xml')
    expect(typeOf(`<b>${' '.repeat(122)}<svg`)).toBe('text/html')
  })
})

describe('a type by its name', () => {
  it.each([
    ['image/jpg', 'image/jpeg'],
    ['image/pjpeg', 'image/jpeg'],
    ['image/x-png', 'image/png'],
    ['image/apng', 'image/png'],
    [' IMAGE/JPG ; q=1', 'image/jpeg'],
    ['image/webp;a=b;c=d', 'image/webp'],
    ['image/bmp', 'image/bmp'],
    ['', ''],
  ])('%j is %j', (declared, type) => {
    expect(registeredType(declared)).toBe(type)
  })

  it.each([
    ['image/png', true],
    ['image/jpeg', true],
    ['image/gif', true],
    ['image/webp', true],
    ['image/bmp', false],
    ['', false],
  ])('%j is one that is read: %s', (type, isRead) => {
    expect(isPictureType(type)).toBe(isRead)
  })
})
