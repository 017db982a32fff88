/** Numbers as IEEE half precision, rounded to the nearest; what is larger than the largest becomes infinite. */
export function toHalves(values: ArrayLike<number>): Uint16Array {
  const bits = new Uint32Array(1);
  const float = new Float32Array(bits.buffer);
  return Uint16Array.from(values, (value) => {
    float[0] = value;
    const sign = (bits[0] >>> 16) & 0x8000;
    const size = Math.abs(float[0]);
    if (Number.isNaN(size)) return sign | 0x7e00;
    // Below the smallest normal number steps are 2^-24.
    if (size < 2 ** -14) return sign | rounded(size * 2 ** 24);
    const exponent = ((bits[0] >>> 23) & 255) - 127;
    const found = ((exponent + 15) << 10) + rounded((size / 2 ** exponent - 1) * 1024);
    return sign | Math.min(found, 0x7c00);
  });
}

/** To the nearest whole number, halves to the even one. */
function rounded(value: number): number {
  const low = Math.floor(value);
  const over = value - low;
  return over > 0.5 || (over === 0.5 && low % 2 === 1) ? low + 1 : low;
}

/** Half precision as numbers. */
export function fromHalves(halves: Uint16Array): Float32Array {
  return Float32Array.from(halves, (half) => {
    const exponent = (half >>> 10) & 31;
    const fraction = half & 1023;
    const size =
      exponent === 31
        ? fraction === 0
          ? Number.POSITIVE_INFINITY
          : Number.NaN
        : exponent === 0
          ? fraction * 2 ** -24
          : (1 + fraction / 1024) * 2 ** (exponent - 15);
    return half & 0x8000 ? -size : size;
  });
}
