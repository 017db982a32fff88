const head = ["job", "seconds", "", "ratio", "range", "to reach", "GFLOP/s", "answers"];

/** The measured rows as a Markdown table. */
export function table(rows) {
  const lines = [head, head.map(() => "---"), ...rows.map(cells)];
  return lines.map((line) => `| ${line.join(" | ")} |`).join("\n");
}

/** One row for a terminal. */
export function line(row) {
  const [, first, second, ratio, range, target, gigaflops, answers] = cells(row);
  return `${row.name}: ${first} s against ${second} s, ratio ${ratio.replaceAll("*", "")} (${range}; to reach: ${target || "-"}), ${gigaflops || "-"} GFLOP/s, ${row.system.map((share) => `${Math.round(100 * share)} %`).join(" and ")} of it in the kernel, answers ${answers}`;
}

function cells({ title, seconds, ratio, target, gigaflops, answers, agree }) {
  return [
    title,
    ...seconds.map((value) => value.toPrecision(3)),
    `**${ratio.median.toPrecision(3)}**`,
    `${ratio.least.toPrecision(3)} to ${ratio.most.toPrecision(3)}`,
    target === undefined ? "" : String(target),
    gigaflops ? gigaflops.map((value) => value.toPrecision(3)).join(", ") : "",
    `${answers.map(answer).join(", ")}${agree ? "" : " DIFFER"}`,
  ];
}

function answer({ value, standardError }) {
  return standardError > 0 ? `${value.toFixed(4)} ± ${standardError.toFixed(4)}` : value.toFixed(4);
}
