const head = ["job", "seconds", "", "ratio", "range", "to reach", "answers"];

/** The measured rows as a Markdown table. */
export function table(rows) {
  const lines = [head, head.map(() => "---"), ...rows.map(cells)];
  return lines.map((line) => `| ${line.join(" | ")} |`).join("\n");
}

/** One row for a terminal. */
export function line(row) {
  const [, first, second, ratio, range, target, answers] = cells(row);
  return `${row.name}: ${first} s against ${second} s, ratio ${ratio.replaceAll("*", "")} (${range}; to reach: ${target || "-"}), answers ${answers}`;
}

function cells({ title, seconds, ratio, target, answers, agree }) {
  return [
    title,
    ...seconds.map((value) => value.toPrecision(3)),
    `**${ratio.median.toPrecision(3)}**`,
    `${ratio.least.toPrecision(3)} to ${ratio.most.toPrecision(3)}`,
    target === undefined ? "" : String(target),
    `${answers.map(answer).join(", ")}${agree ? "" : " DIFFER"}`,
  ];
}

function answer({ value, standardError }) {
  return standardError > 0 ? `${value.toFixed(4)} ± ${standardError.toFixed(4)}` : value.toFixed(4);
}
