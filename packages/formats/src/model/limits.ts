/**
 * What a model file may hold at most, in one place. Real models stay far below; a file that lies is refused before it takes a second or a gibibyte.
 */
export const modelLimits = {
  /** Bytes of the values of one tensor once decoded: 512 MiB. */
  tensorBytes: 2 ** 29,
  /** Axes of a tensor. */
  axes: 64,
  /** Tensors of a file. */
  tensors: 2 ** 17,
  /** Operators of a graph, its constants included. */
  nodes: 2 ** 17,
  /** Calls of functions that an ONNX file defines of its own, those within them included. */
  calls: 2 ** 15,
  /** Fields of an ONNX file in all, bytes of weights not counted. */
  fields: 8e6,
  /** Graphs within graphs. */
  nesting: 32,
  /** Numbers, names or inputs in one list. */
  list: 2 ** 16,
  /** Bytes of a name. */
  name: 2 ** 16,
  /** Bytes of all names and texts of an ONNX file: 64 MiB. */
  texts: 2 ** 26,
  /** Numbers in all attributes of an ONNX file. */
  numbers: 8e6,
  /** Elements of a tensor that are not stored in a row of fixed width, and so are decoded one by one. */
  varints: 2 ** 25,
  /** Bytes of a text that is kept, such as an entry of the metadata; longer ones are cut. */
  text: 2 ** 16,
  /** Elements of a constant that shape computations may look into. */
  folded: 4096,
  /** Elements that folding the constants of a graph looks at in all; what is left then stays a computation. */
  foldedInAll: 2 ** 22,
  /** Tensors that one is put together of, one within the other. */
  views: 1024,
  /** Elements that are moved to read one of those: 2^31. */
  viewed: 2 ** 31,
  /** Bytes of the JSON in a file (the header of safetensors, a configuration of Keras, a model.json): 16 MiB. */
  json: 2 ** 24,
  /** Lists and objects within one another in JSON. */
  jsonNesting: 200,
  /** Bytes of an HDF5 file, which is held in memory: 512 MiB. */
  hdf5: 2 ** 29,
  /** Bytes that packed entries of a zip archive may unpack to: 128 MiB; stored ones, as PyTorch and Keras write them, stay where they are. */
  unpacked: 2 ** 27,
  /** Bytes of a pickle without its tensors: 16 MiB. */
  pickle: 2 ** 24,
  /** Objects that a pickle may build. */
  objects: 2 ** 20,
  /** Files that the weights of one model are spread over. */
  shards: 1000,
} as const;
