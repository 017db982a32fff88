// In the place of onnxruntime-node. What a model does is told by its producer: crash, hang, grow, refuse; any other runs. Each output, of the file or appended to it, is the first input times the first weight of the file (of the files beside it where that has none).
class Tensor {
  constructor(type, data, dims) {
    Object.assign(this, { type, data, dims });
  }
}

/** The fields of a protobuf message. */
function fieldsOf(bytes, start, end) {
  const found = [];
  let at = start;
  const varint = () => {
    let value = 0;
    for (let k = 0; ; k++) {
      const byte = bytes[at++];
      value += (byte & 127) * 2 ** (7 * k);
      if (byte < 128) return value;
    }
  };
  while (at < end) {
    const key = varint();
    const wire = key & 7;
    const length = wire === 0 ? 0 : wire === 2 ? varint() : wire === 5 ? 4 : 8;
    if (wire === 0) varint();
    found.push({ number: key >>> 3, start: at, end: at + length });
    at += length;
  }
  return found;
}

async function create(bytes, { externalData, intraOpNumThreads, graphOptimizationLevel }) {
  const text = ({ start, end }) => bytes.toString("utf8", start, end);
  const within = (fields, number) => fields.filter((field) => field.number === number);
  const all = fieldsOf(bytes, 0, bytes.length);
  const does = text(within(all, 2)[0]).replace(/-+$/, "");
  if (does === "crash") process.kill(process.pid, "SIGSEGV");
  if (does === "refuse") throw new Error("no such operator\nat line 7");
  if (intraOpNumThreads !== 1 || graphOptimizationLevel !== "disabled") throw new Error("it runs otherwise than it should");
  if (process.argv.join(" ").length > 1000) throw new Error("the command line is long");
  const graph = within(all, 7).flatMap(({ start, end }) => fieldsOf(bytes, start, end));
  const names = within(graph, 12).map(({ start, end }) => text(fieldsOf(bytes, start, end)[0]));
  if (new Set(names).size < names.length) throw new Error("an output is there twice");
  const [weight] = within(graph, 5);
  const [raw] = weight ? within(fieldsOf(bytes, weight.start, weight.end), 9) : [];
  const factor = raw ? bytes.readFloatLE(raw.start) : externalData[0].data.readFloatLE(0);
  return {
    outputMetadata: names.map((name) => ({ name, isTensor: true, type: "float32" })),
    async run(inputs, wanted) {
      if (does === "hang") for (;;);
      if (does === "grow") for (const kept = []; ; ) kept.push(Buffer.alloc(2 ** 24, 1));
      const [{ data, dims }] = Object.values(inputs);
      return Object.fromEntries(
        wanted.map((name) => [
          name,
          new Tensor(
            "float32",
            data.map((value) => factor * value),
            dims,
          ),
        ]),
      );
    },
  };
}

module.exports = { InferenceSession: { create }, Tensor };
