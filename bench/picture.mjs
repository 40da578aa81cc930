const colours = ["#1d4ed8", "#b45309", "#047857", "#7c3aed", "#be123c", "#475569"];
const width = 720;
const height = 420;
const left = 70;
const top = 30;
const right = 210;
const bottom = 50;

/** Time against number of files, both axes logarithmic. `series`: { name, points: [files, milliseconds][] }. */
export function drawGrowth(series) {
  const points = series.flatMap((one) => one.points);
  const xs = range(points.map(([files]) => files));
  const ys = range(points.map(([, time]) => time));
  const x = (files) =>
    left + ((Math.log10(files) - xs.from) / Math.max(xs.to - xs.from, 1)) * (width - left - right);
  const y = (time) =>
    height - bottom - ((Math.log10(time) - ys.from) / Math.max(ys.to - ys.from, 1)) * (height - top - bottom);
  const lines = [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" font-family="sans-serif" font-size="13">`,
    "<title>Time of a run against the number of migration files</title>",
    `<rect width="${width}" height="${height}" fill="#ffffff"/>`,
    `<text x="${left}" y="18">Time of a run against the number of migration files (both logarithmic)</text>`,
  ];
  for (let power = xs.from; power <= xs.to; power++) {
    lines.push(`<path d="M${x(10 ** power)} ${top}V${height - bottom}" stroke="#e5e7eb"/>`);
    lines.push(
      `<text x="${x(10 ** power)}" y="${height - bottom + 20}" text-anchor="middle">${(10 ** power).toLocaleString("en")}</text>`,
    );
  }
  for (let power = ys.from; power <= ys.to; power++) {
    const time = 10 ** power;
    lines.push(`<path d="M${left} ${y(time)}H${width - right}" stroke="#e5e7eb"/>`);
    lines.push(
      `<text x="${left - 8}" y="${y(time) + 4}" text-anchor="end">${time < 1000 ? `${time} ms` : `${time / 1000} s`}</text>`,
    );
  }
  let lowest = 0;
  for (const [index, { name, points: own }] of series.entries()) {
    if (own.length === 0) continue;
    const colour = colours[index % colours.length];
    lines.push(
      `<polyline fill="none" stroke="${colour}" stroke-width="2" points="${own.map(([files, time]) => `${x(files).toFixed(1)},${y(time).toFixed(1)}`).join(" ")}"/>`,
    );
    for (const [files, time] of own)
      lines.push(`<circle cx="${x(files).toFixed(1)}" cy="${y(time).toFixed(1)}" r="3" fill="${colour}"/>`);
    lowest += 20;
    lines.push(`<text x="${width - right + 16}" y="${top + lowest}" fill="${colour}">${name}</text>`);
  }
  return `${lines.join("\n")}\n</svg>\n`;
}

/** Whole powers of ten around the values. */
function range(values) {
  return {
    from: Math.floor(Math.log10(Math.min(...values))),
    to: Math.ceil(Math.log10(Math.max(...values))),
  };
}
