import { type ChartDay, chartParts, chartWords, dayTotal } from './chart-days'
import { count } from './format'

/** The chart's numbers, for whoever cannot or need not see the bars. */
export const ChartTable = ({ title, days }: { title: string; days: readonly ChartDay[] }) => (
  <details class="more">
    <summary>Show the numbers</summary>
    <div class="scroll" tabindex={0} role="region" aria-label={`${title}, as numbers`}>
      <table class="table">
        <caption class="vh">{title}</caption>
        <thead>
          <tr>
            <th scope="col">Day</th>
            {chartParts.map((part) => (
              <th scope="col" class="num">
                {chartWords[part]}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {days
            .filter((day) => dayTotal(day) > 0)
            .map((day) => (
              <tr>
                <th scope="row">{day.label}</th>
                {chartParts.map((part) => (
                  <td class="num">{count(day[part])}</td>
                ))}
              </tr>
            ))}
        </tbody>
      </table>
    </div>
    <p class="fine">Days without texts are left out.</p>
  </details>
)
