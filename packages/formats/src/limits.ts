/** Bytes that a compressed or text file may hold once unpacked, since it is kept in memory whole: 256 MiB. */
export const maxBytesHeld = 2 ** 28;

/** Bytes of an array in Fortran order, since it is held twice while it is put in order: 128 MiB. */
export const maxFortranBytes = 2 ** 27;

/** Bytes that the chosen points and their labels may take as float64: 512 MiB. */
export const maxPointBytes = 2 ** 29;

/** Bytes in one line of a CSV file: 32 MiB, room for the most columns at full precision. */
export const maxLineBytes = 2 ** 25;

/** Columns of a CSV file. */
export const maxColumns = 2 ** 20;

/** Bytes of an npy header: 64 KiB, what NumPy itself can write for 64 axes many times over. */
export const maxNpyHeaderBytes = 2 ** 16;

/** Bytes that are enough to recognise any format and to read the header of any array. */
export const headBytes = 2 ** 17;

/** Files in a zip archive: more arrays than any network has layers worth recording. */
export const maxZipEntries = 10_000;

/** Bytes of the directory of a zip archive: 64 MiB, its 10 000 files with the longest names that are usual many times over. */
export const maxDirectoryBytes = 2 ** 26;

/** Values of all arrays in an archive: 67 million, 256 MiB as float32; others may be held as float64. */
export const maxArrayValues = 2 ** 26;

/** A count of bytes for people: "3.0 GiB". */
export function byteCount(bytes: number): string {
  const units = ["bytes", "KiB", "MiB", "GiB", "TiB"];
  let unit = 0;
  let value = bytes;
  while (value >= 1024 && unit < units.length - 1) {
    value /= 1024;
    unit++;
  }
  return unit === 0 ? `${bytes} bytes` : `${value.toFixed(1)} ${units[unit]}`;
}
