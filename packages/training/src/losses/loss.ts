/**
 * A loss, by PyTorch's definitions; with d = output - target, the mean over points and outputs of
 *
 * - `mse`: d^2
 * - `mae`: |d| (derivative sign d, 0 at 0)
 * - `huber`: d^2 / 2 where |d| <= delta, delta (|d| - delta / 2) elsewhere
 *
 * and `cross-entropy`: the mean over points of -ln softmax(outputs)[class].
 */
export type Loss = { readonly name: "mse" | "mae" | "cross-entropy" } | { readonly name: "huber"; readonly delta: number };
