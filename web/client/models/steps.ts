/** Where an arrow, Home or End goes among items in rows of some columns; past an end it begins at the other. */
export function step(key: string, place: number, count: number, columns = 1): number | undefined {
  const around = (next: number) => (next + count) % count;
  switch (key) {
    case "ArrowDown":
      return place + columns < count ? place + columns : place % columns;
    case "ArrowUp":
      return place >= columns ? place - columns : lastOf(place, count, columns);
    case "ArrowRight":
      return columns > 1 ? around(place + 1) : undefined;
    case "ArrowLeft":
      return columns > 1 ? around(place - 1) : undefined;
    case "Home":
      return 0;
    case "End":
      return count - 1;
    default:
      return undefined;
  }
}

/** The lowest item of a column. */
function lastOf(column: number, count: number, columns: number): number {
  return column + columns * Math.floor((count - 1 - column) / columns);
}
