import { describe, expect, it } from 'vitest'
import { dataOption, type DataOption, readingOf, refuseStrayOptions } from '../../../src/cli/data-options.ts'

const orders = { given: 'data/orders.csv', name: 'orders.csv' }

const parse = (...written: string[]): readonly DataOption[] =>
  written.reduce<readonly DataOption[]>((earlier, one) => dataOption(one, earlier), [])

const read = (...written: string[]) => readingOf(orders, parse(...written))

describe('--data-option', () => {
  it('says how every file is read, or one', () => {
    expect(read('encoding=gbk', 'orders.csv:header=false', 'other.csv:header=true')).toMatchObject({
      encoding: 'gbk',
      header: false,
      skip_rows: null,
    })
    expect(read('data/orders.csv:skip_rows=2', 'delimiter=;')).toMatchObject({ skip_rows: 2, delimiter: ';' })
  })

  it('W13: takes words for missing values, the marks of numbers, dates and types', () => {
    expect(
      read('null_values=NA,n/a', 'null_values=-', 'decimal=,', 'thousands=.', 'date_format=%d.%m.%Y'),
    ).toMatchObject({ null_values: ['NA', 'n/a', '-'], decimal: ',', thousands: '.', date_format: '%d.%m.%Y' })
    expect(read('types=id:text,total:decimal(10,2)').types).toEqual({ id: 'text', total: 'decimal(10,2)' })
  })

  it.each([
    ['decimal=;', '--data-option decimal:'],
    ['skip_rows=two', '--data-option skip_rows: must be a whole number'],
    ['header=yes', '--data-option header: must be true or false'],
    ['delimiter=ab', '--data-option delimiter: must be one character, tab or none'],
    ['types=id:number', '--data-option types: must be one of text, integer'],
    ['date_format=DD/MM', '--data-option date_format: must be written as %d/%m/%Y is'],
    ['encoding=a b', '--data-option encoding: must be the name of an encoding'],
  ])('refuses %s', (written, message) => {
    expect(() => read(written)).toThrow(message)
  })

  it('refuses the same mark for fractions and thousands', () => {
    expect(() => read('decimal=,', 'thousands=,')).toThrow('decimal and thousands cannot be the same mark')
  })

  it('refuses a setting that is none, and a file that is not given', () => {
    expect(() => parse('skiprows=1')).toThrow('Write it as NAME=VALUE or FILE:NAME=VALUE')
    expect(() => refuseStrayOptions([orders], parse('order.csv:header=false'))).toThrow('no --data names order.csv')
  })
})
