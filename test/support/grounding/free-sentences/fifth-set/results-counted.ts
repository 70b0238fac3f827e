import type { RunResult } from './run-result.ts'

/** What the runs of the half that is counted alone have read. */
export const resultsCounted: Readonly<Record<string, RunResult>> = {
  'subscriptions by month': {
    kind: 'rows',
    text: `
    month | new_customers | churned | active | mrr_usd
    2025-04 | 212 | 61 | 3104 | 148992
    2025-05 | 238 | 74 | 3268 | 157518
    2025-06 | 197 | 69 | 3396 | 164706
    2025-07 | 184 | 92 | 3488 | 169168
    2025-08 | 176 | 118 | 3546 | 171446
    2025-09 | 265 | 83 | 3728 | 182672
    2025-10 | 301 | 79 | 3950 | 195525
    2025-11 | 322 | 88 | 4184 | 209200
    2025-12 | 240 | 131 | 4293 | 212503`,
  },
  'correlations of flat prices': {
    kind: 'frame',
    text: `
          price   area  rooms    age  distance
price     1.000  0.846  0.744 -0.195    -0.311
area      0.846  1.000  0.845 -0.004    -0.006
rooms     0.744  0.845  1.000  0.014    -0.008
age      -0.195 -0.004  0.014  1.000    -0.018
distance -0.311 -0.006 -0.008 -0.018     1.000`,
  },
  'trial arms': {
    kind: 'rows',
    text: `
    arm | randomised | completed | responders | adverse_events | serious_events
    Treatment | 132 | 118 | 71 | 46 | 4
    Placebo | 130 | 121 | 44 | 29 | 3`,
  },
  'trial test': {
    kind: 'json',
    text: `{"treatment": {"n": 118, "mean_change": -8.4, "sd": 4.99}, "placebo": {"n": 121, "mean_change": -4.61, "sd": 5.63}, "difference": -3.79, "t": -5.503}`,
  },
  'charging stations': {
    kind: 'rows',
    text: `
    station | operator | points | sessions | energy_kwh | revenue_eur | uptime_pct
    Bahnhof Ost | Voltara | 8 | 2914 | 71393 | 32126.85 | 98.7
    Flughafen P3 | Voltara | 16 | 4205 | 136662 | 68331.00 | 99.4
    Hafen | Gridwise | 4 | 611 | 12831 | 5132.40 | 91.2
    Messe | Gridwise | 12 | 1978 | 54395 | 24477.75 | 97.5
    Rathaus | City Works | 6 | 2530 | 42504 | 14876.40 | 99.1
    Stadion | City Works | 10 | 1342 | 33550 | 11742.50 | 95.8
    Uniklinik | Voltara | 6 | 2207 | 48554 | 21849.30 | 98.2`,
  },
  'basketball players': {
    kind: 'rows',
    text: `
    player | team | games | minutes | points | rebounds | assists | three_pct
    Aho | Falcons | 38 | 1244 | 812 | 190 | 231 | 38.4
    Baptiste | Falcons | 40 | 1302 | 694 | 402 | 98 | 29.7
    Castellano | Wolves | 36 | 1188 | 905 | 151 | 176 | 41.2
    Dvorak | Wolves | 40 | 1120 | 488 | 366 | 71 | 31.5
    Eze | Pilots | 29 | 870 | 551 | 240 | 64 | 33.9
    Ferrand | Pilots | 40 | 1415 | 968 | 205 | 310 | 36.8
    Grun | Bears | 33 | 842 | 340 | 287 | 45 | 27.0
    Hosseini | Bears | 39 | 1290 | 747 | 133 | 268 | 39.5`,
  },
  'opinions by department': {
    kind: 'frame',
    text: `
             agree  neutral  disagree  responses
department
Engineering   42.6     46.3      11.1        142
Finance       47.0     47.6       5.4         57
Sales         71.3     26.3       2.4        118
Support       78.0     13.9       8.1         93`,
  },
  'checkout experiment': {
    kind: 'lines',
    text: `
visitors A: 18240
visitors B: 18311
conversions A: 1131
conversions B: 1267
conversion rate A: 0.0620
conversion rate B: 0.0692
absolute lift: 0.0072
relative lift: 0.1159
z: 2.775
p: 0.0055
95% ci low: 0.0021
95% ci high: 0.0123`,
  },
  'profit and loss in thousand EUR': {
    kind: 'rows',
    text: `
    item | actual_2024 | actual_2025 | budget_2025
    Revenue | 18420 | 20115 | 20800
    Cost of goods | 10315 | 11465 | 11440
    Gross profit | 8105 | 8650 | 9360
    Personnel | 4210 | 4590 | 4480
    Marketing | 1120 | 985 | 1250
    Rent and IT | 865 | 910 | 900
    Operating profit | 1910 | 2165 | 2730`,
  },
  'flights by route': {
    kind: 'rows',
    text: `
    route | flights | delayed | cancelled | avg_delay_min | passengers
    OSL-BGO | 620 | 93 | 8 | 11.4 | 71300
    OSL-TRD | 588 | 71 | 5 | 9.8 | 68796
    OSL-CPH | 434 | 82 | 3 | 14.6 | 55118
    OSL-ARN | 402 | 64 | 2 | 13.1 | 49446
    OSL-LHR | 248 | 77 | 9 | 27.9 | 36704
    OSL-TOS | 310 | 59 | 14 | 18.2 | 38440`,
  },
  'orders by weekday': {
    kind: 'frame',
    text: `
           count       sum   mean  median     max
weekday
Monday       650  26718.64  41.11   36.29  129.72
Tuesday      631  26425.44  41.88   36.38  175.01
Wednesday    680  27936.55  41.08   36.45  169.17
Thursday     699  29649.08  42.42   38.33  146.67
Friday       797  33464.69  41.99   37.09  140.42
Saturday     975  41276.84  42.34   38.02  148.67
Sunday       768  31897.06  41.53   36.81  142.88`,
  },
  'outages of the platform': {
    kind: 'rows',
    text: `
    incident | service | started_on | severity | minutes | customers_hit
    INC-4411 | Payments | 2026-01-08 | 1 | 47 | 1820
    INC-4418 | Search | 2026-01-19 | 2 | 132 | 640
    INC-4425 | Login | 2026-02-03 | 1 | 26 | 5310
    INC-4431 | Payments | 2026-02-21 | 3 | 15 | 88
    INC-4437 | Exports | 2026-03-02 | 3 | 310 | 112
    INC-4440 | Search | 2026-03-05 | 2 | 78 | 955
    INC-4452 | Payments | 2026-03-27 | 1 | 64 | 2407
    INC-4459 | Login | 2026-04-14 | 2 | 19 | 1275`,
  },
  'final exams by school': {
    kind: 'rows',
    text: `
    school | pupils | passed | mean_grade | distinctions | absences
    Ashgrove | 142 | 131 | 71.4 | 24 | 310
    Brookfield | 98 | 84 | 64.9 | 9 | 402
    Cedar Hill | 176 | 168 | 76.2 | 41 | 287
    Dunmore | 121 | 97 | 61.3 | 7 | 566
    Elmwood | 87 | 80 | 70.1 | 15 | 198`,
  },
}
