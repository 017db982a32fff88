/**
 * Lets several writers share a stream without mixing what they say. Each call of the returned function gives a place, `{ write, end }`: the first
 * place that has not ended is written at once, those behind it are kept until it is their turn.
 */
export function inTurn(stream) {
  const places = [];
  const flush = () => {
    while (places.length > 0) {
      const [{ kept, ended }] = places;
      for (const chunk of kept.splice(0)) stream.write(chunk);
      if (!ended) return;
      places.shift();
    }
  };
  return () => {
    const place = { kept: [], ended: false };
    places.push(place);
    return {
      write(chunk) {
        place.kept.push(chunk);
        flush();
      },
      end() {
        place.ended = true;
        flush();
      },
    };
  };
}
