/**
 * Ways in which people write figures, each once right and once wrong, about three small tables. Who wrote them had not seen the
 * checker. Answers are of 15 July 2026.
 */
export interface Phrasing {
  readonly form: string
  readonly right: string
  readonly wrong: string
}

/** What the run's results held: title, columns, rows. */
export const phrasingTables = [
  {
    title: 'revenue by region',
    columns: ['region', 'revenue_eur', 'orders', 'returns_pct', 'customers'],
    rows: [
      ['North', 1_234_567, 8412, 4.2, 2150],
      ['South', 987_654, 6120, 6.75, 1802],
      ['East', 456_789, 3050, 3.1, 940],
      ['West', 2_345_678, 15_230, 5.5, 3999],
    ],
  },
  {
    title: 'visitors by month',
    columns: ['month', 'visitors', 'conversion_pct'],
    rows: [
      ['2026-01', 310_000, 2],
      ['2026-02', 325_500, 2.4],
      ['2026-03', 298_000, 2.1],
      ['2026-04', 341_250, 2.5],
      ['2026-05', 360_000, 3],
      ['2026-06', 382_500, 3.5],
    ],
  },
  {
    title: 'deliveries',
    columns: ['delivery', 'delivered_on', 'parcels', 'weight_kg'],
    rows: [
      ['D-101', '2026-07-14', 42, 315.5],
      ['D-102', '2026-07-13', 38, 290],
      ['D-103', '2026-06-30', 55, 1250],
      ['D-104', '2025-07-15', 12, 96.4],
    ],
  },
] as const

export const phrasings: readonly Phrasing[] = [
  { form: 'separator of thousands', right: 'North earned €1,234,567.', wrong: 'North earned €1,243,567.' },
  { form: 'no separator', right: 'North earned 1234567 EUR.', wrong: 'North earned 1234657 EUR.' },
  { form: 'blank between thousands', right: 'West earned 2 345 678 euros.', wrong: 'West earned 2 354 678 euros.' },
  {
    form: 'apostrophe between thousands',
    right: "Revenue in West was EUR 2'345'678.",
    wrong: "Revenue in West was EUR 2'345'687.",
  },
  {
    form: 'German separators',
    right: 'Der Umsatz im Norden (North) betrug 1.234.567 €.',
    wrong: 'Der Umsatz im Norden (North) betrug 1.324.567 €.',
  },
  {
    form: 'German decimals',
    right: 'Die Retourenquote in South liegt bei 6,75 %.',
    wrong: 'Die Retourenquote in South liegt bei 5,76 %.',
  },
  {
    form: 'French blanks and decimals',
    right: 'Le chiffre d’affaires de South est de 987 654 €, avec 6,75 % de retours.',
    wrong: 'Le chiffre d’affaires de South est de 978 654 €, avec 6,75 % de retours.',
  },
  {
    form: 'millions in words',
    right: 'North brought in 1.23 million euros.',
    wrong: 'North brought in 1.32 million euros.',
  },
  { form: 'millions in a letter', right: 'West made €2.35M.', wrong: 'West made €2.53M.' },
  { form: 'small m', right: 'West made €2.3m.', wrong: 'West made €3.2m.' },
  { form: 'thousands in a letter', right: 'East earned about 457k.', wrong: 'East earned about 475k.' },
  { form: 'thousands in words', right: 'East earned 457 thousand euros.', wrong: 'East earned 547 thousand euros.' },
  { form: 'German millions', right: 'West erzielte 2,35 Mio. Euro.', wrong: 'West erzielte 3,25 Mio. Euro.' },
  { form: 'mn', right: 'South earned EUR 0.99 mn.', wrong: 'South earned EUR 0.89 mn.' },
  { form: 'about', right: 'South earned about a million euros.', wrong: 'South earned about two million euros.' },
  { form: 'roughly', right: 'North received roughly 8,400 orders.', wrong: 'North received roughly 9,400 orders.' },
  { form: 'tilde', right: 'North had ~8.4k orders.', wrong: 'North had ~4.8k orders.' },
  { form: 'almost', right: 'West has almost 4,000 customers.', wrong: 'West has almost 5,000 customers.' },
  {
    form: 'nearly, from the wrong side',
    right: 'South has just over 1,800 customers.',
    wrong: 'South has just over 1,900 customers.',
  },
  { form: 'more than', right: 'West took more than 15,000 orders.', wrong: 'West took more than 16,000 orders.' },
  { form: 'under', right: 'East has under 1,000 customers.', wrong: 'East has under 900 customers.' },
  {
    form: 'at least',
    right: 'Every region had at least 3,000 orders.',
    wrong: 'Every region had at least 4,000 orders.',
  },
  {
    form: 'range',
    right: 'Return rates range from 3.1 % to 6.75 %.',
    wrong: 'Return rates range from 4.2 % to 6.75 %.',
  },
  {
    form: 'range with a dash',
    right: 'Monthly visitors were in the range 298,000–382,500.',
    wrong: 'Monthly visitors were in the range 310,000–382,500.',
  },
  {
    form: 'between',
    right: 'All regions returned between 3 and 7 % of their orders.',
    wrong: 'All regions returned between 4 and 7 % of their orders.',
  },
  { form: 'percent sign without a blank', right: 'North: 4.2% returns.', wrong: 'North: 2.4% returns.' },
  {
    form: 'percent in words',
    right: 'West has a return rate of 5.5 percent.',
    wrong: 'West has a return rate of 4.5 percent.',
  },
  {
    form: 'percentage points',
    right: 'Conversion rose by 1.5 percentage points between January and June 2026.',
    wrong: 'Conversion rose by 1.5 % between January and June 2026.',
  },
  {
    form: 'pp',
    right: 'From May to June 2026 conversion improved 0.5 pp.',
    wrong: 'From May to June 2026 conversion improved 0.8 pp.',
  },
  {
    form: 'percent of growth',
    right: 'Visitors grew 6.25 % from May to June 2026.',
    wrong: 'Visitors grew 7.25 % from May to June 2026.',
  },
  {
    form: 'growth with a sign',
    right: 'January to February 2026: +5.0 % visitors.',
    wrong: 'January to February 2026: -5.0 % visitors.',
  },
  {
    form: 'fall',
    right: 'In March 2026 visitors fell by 8.4 % against February.',
    wrong: 'In March 2026 visitors rose by 8.4 % against February.',
  },
  {
    form: 'up from',
    right: 'Visitors were up from 360,000 in May to 382,500 in June.',
    wrong: 'Visitors were down from 360,000 in May to 382,500 in June.',
  },
  {
    form: 'doubled or tripled',
    right: 'West has roughly five times the revenue of East.',
    wrong: 'West has roughly ten times the revenue of East.',
  },
  { form: 'times with x', right: 'West earns 1.9x what North earns.', wrong: 'West earns 2.9x what North earns.' },
  {
    form: 'half',
    right: 'West accounts for almost half of total revenue.',
    wrong: 'North accounts for almost half of total revenue.',
  },
  {
    form: 'quarter',
    right: 'North contributes about a quarter of total revenue.',
    wrong: 'South contributes about a quarter of total revenue.',
  },
  {
    form: 'fifth',
    right: 'About one fifth of revenue comes from South.',
    wrong: 'About one fifth of revenue comes from East.',
  },
  {
    form: 'one in',
    right: 'Roughly one in eleven euros is earned in East.',
    wrong: 'Roughly one in five euros is earned in East.',
  },
  {
    form: 'share in percent',
    right: 'West stands for 46.7 % of revenue.',
    wrong: 'West stands for 64.7 % of revenue.',
  },
  {
    form: 'share of another column',
    right: 'East has 10.6 % of all customers.',
    wrong: 'East has 9.1 % of all customers.',
  },
  { form: 'total', right: 'Total revenue was €5,024,688.', wrong: 'Total revenue was €5,042,688.' },
  {
    form: 'total in millions',
    right: 'All regions together earned 5.02 million euros.',
    wrong: 'All regions together earned 5.20 million euros.',
  },
  {
    form: 'average',
    right: 'On average 336,208 people visited per month.',
    wrong: 'On average 363,208 people visited per month.',
  },
  {
    form: 'mean of few decimals',
    right: 'The mean return rate of the regions is 4.9 %.',
    wrong: 'The mean return rate of the regions is 5.9 %.',
  },
  { form: 'ratio of columns', right: 'North earns €147 per order.', wrong: 'North earns €174 per order.' },
  {
    form: 'difference',
    right: 'North earned €246,913 more than South.',
    wrong: 'North earned €264,913 more than South.',
  },
  {
    form: 'difference downwards',
    right: 'East has 862 fewer customers than South.',
    wrong: 'East has 826 fewer customers than South.',
  },
  { form: 'count in words', right: 'There are four regions.', wrong: 'There are five regions.' },
  {
    form: 'count with a condition',
    right: 'Two regions have more than 2,000 customers.',
    wrong: 'Three regions have more than 2,000 customers.',
  },
  {
    form: 'small number in words',
    right: 'Forty-two parcels came with delivery D-101.',
    wrong: 'Twenty-four parcels came with delivery D-101.',
  },
  { form: 'dozen', right: 'Delivery D-104 was a dozen parcels.', wrong: 'Delivery D-103 was a dozen parcels.' },
  {
    form: 'ordinal in words',
    right: 'South is the third-largest region by revenue.',
    wrong: 'South is the second-largest region by revenue.',
  },
  { form: 'ordinal in figures', right: 'North ranks 2nd by revenue.', wrong: 'North ranks 3rd by revenue.' },
  { form: 'highest without a figure', right: 'West has the most customers.', wrong: 'North has the most customers.' },
  {
    form: 'lowest without a figure',
    right: 'East has the lowest return rate.',
    wrong: 'North has the lowest return rate.',
  },
  {
    form: 'direction without a figure',
    right: 'Visitors dropped in March 2026.',
    wrong: 'Visitors dropped in April 2026.',
  },
  { form: 'peak', right: 'Visitors peaked in June at 382,500.', wrong: 'Visitors peaked in May at 360,000.' },
  {
    form: 'quarter of a year',
    right: 'In Q1 2026 there were 933,500 visitors.',
    wrong: 'In Q2 2026 there were 933,500 visitors.',
  },
  {
    form: 'half of a year',
    right: 'In the first half of 2026 we counted 2,017,250 visitors.',
    wrong: 'In the first half of 2026 we counted 2,071,250 visitors.',
  },
  {
    form: 'growth between quarters',
    right: 'Visitors grew by 16.1 % from the first to the second quarter.',
    wrong: 'Visitors grew by 13.9 % from the first to the second quarter.',
  },
  { form: 'date in words', right: 'D-103 arrived on 30 June 2026.', wrong: 'D-103 arrived on 13 June 2026.' },
  { form: 'American date', right: 'D-103 arrived on June 30, 2026.', wrong: 'D-103 arrived on June 3, 2026.' },
  { form: 'date in figures', right: 'D-102 arrived on 13/07/2026.', wrong: 'D-102 arrived on 14/07/2026.' },
  { form: 'German date', right: 'D-101 wurde am 14.07.2026 geliefert.', wrong: 'D-101 wurde am 17.04.2026 geliefert.' },
  { form: 'yesterday', right: 'Yesterday 42 parcels were delivered.', wrong: 'Yesterday 38 parcels were delivered.' },
  { form: 'days ago', right: 'D-102 arrived two days ago.', wrong: 'D-102 arrived three days ago.' },
  {
    form: 'a year ago',
    right: 'Exactly a year ago, D-104 brought 12 parcels.',
    wrong: 'Exactly a year ago, D-104 brought 21 parcels.',
  },
  { form: 'last month', right: 'Last month we had 382,500 visitors.', wrong: 'Last month we had 360,000 visitors.' },
  { form: 'month without a year', right: 'April brought 341,250 visitors.', wrong: 'April brought 314,250 visitors.' },
  { form: 'tonnes for kilograms', right: 'D-103 weighed 1.25 tonnes.', wrong: 'D-103 weighed 12.5 tonnes.' },
  { form: 'grams for kilograms', right: 'D-102 weighed 290,000 g.', wrong: 'D-102 weighed 290 g.' },
  { form: 'unit of the column', right: 'D-101 weighed 315.5 kg.', wrong: 'D-101 weighed 315.5 pounds.' },
  { form: 'another currency', right: 'South took in 987,654 euros.', wrong: 'South took in 987,654 dollars.' },
  {
    form: 'more decimals than there are',
    right: 'The average per month is 336,208.33 visitors.',
    wrong: 'East returned 3.127 % of its orders.',
  },
  {
    form: 'Markdown emphasis',
    right: 'West earned **€2,345,678** in total.',
    wrong: 'West earned **€2,435,678** in total.',
  },
  {
    form: 'list',
    right: '- North: 8,412 orders\n- South: 6,120 orders',
    wrong: '- North: 6,120 orders\n- South: 8,412 orders',
  },
  {
    form: 'table',
    right: '| region | orders |\n|---|---|\n| East | 3,050 |\n| West | 15,230 |',
    wrong: '| region | orders |\n|---|---|\n| East | 15,230 |\n| West | 3,050 |',
  },
  {
    form: 'parentheses',
    right: 'The strongest regions are West (15,230 orders) and North (8,412).',
    wrong: 'The strongest regions are West (15,230 orders) and North (6,120).',
  },
  {
    form: 'respectively',
    right: 'North and South have 2,150 and 1,802 customers, respectively.',
    wrong: 'North and South have 1,802 and 2,150 customers, respectively.',
  },
  {
    form: 'pronoun in the next sentence',
    right: 'West is ahead. It has 3,999 customers.',
    wrong: 'West is ahead. It has 3,888 customers.',
  },
  {
    form: 'comparison without figures',
    right: 'South returned a larger share than West.',
    wrong: 'North returned a larger share than West.',
  },
]
