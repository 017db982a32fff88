import { FormatError, quote } from "@sonde/core";
import { modelLimits } from "../limits.js";

/** A value that a pickle holds, of the few kinds that state dicts are made of. */
export type Pickled = null | boolean | number | string | Uint8Array | PickledList | PickledDict | PickledGlobal | PickledCall;

export interface PickledList {
  readonly kind: "list" | "tuple";
  readonly items: Pickled[];
}

export interface PickledDict {
  readonly kind: "dict";
  readonly entries: Map<Pickled, Pickled>;
}

/** A name of Python that the pickle refers to; it is never looked up. */
export interface PickledGlobal {
  readonly kind: "global";
  readonly name: string;
}

/** A function of Python applied to arguments, as a record: nothing is called. */
export interface PickledCall {
  readonly kind: "call" | "persistent";
  readonly name: string;
  readonly args: readonly Pickled[];
}

/** The names of Python that a state dict may refer to; whatever else a pickle names is refused. */
const allowed = new Set([
  "collections.OrderedDict",
  "torch._utils._rebuild_tensor_v2",
  "torch._utils._rebuild_tensor",
  "torch._utils._rebuild_parameter",
  "torch._utils._rebuild_parameter_with_state",
  "torch.Size",
  "torch.device",
  "torch.storage.UntypedStorage",
  "torch.storage.TypedStorage",
  ...["Double", "Float", "Half", "BFloat16", "Long", "Int", "Short", "Char", "Byte", "Bool", "ComplexFloat", "ComplexDouble"].map(
    (type) => `torch.${type}Storage`,
  ),
]);

/**
 * Reads a pickle of protocol 2 to 5 without running anything: a name of Python that is not among a dozen is refused, and calls are kept as records.
 *
 * Throws `FormatError` for anything that is no such pickle.
 *
 * Source: CPython, `pickletools`; PyTorch, `torch/serialization.py`.
 */
export function readPickle(bytes: Uint8Array): Pickled {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const stack: Pickled[] = [];
  const marks: number[] = [];
  const memo = new Map<number, Pickled>();
  let at = 0;
  let built = 0;

  const take = (length: number): number => {
    const start = at;
    at += length;
    if (!(length >= 0) || at > bytes.length) throw damaged("it is truncated");
    return start;
  };
  const push = (value: Pickled) => {
    if (++built > modelLimits.objects) throw new FormatError(`it holds more than ${modelLimits.objects} objects`);
    stack.push(value);
  };
  const pop = (): Pickled => {
    if (stack.length === 0 || stack.length === marks.at(-1)) throw damaged("a value is missing");
    return stack.pop() as Pickled;
  };
  const popMark = (): Pickled[] => {
    const mark = marks.pop();
    if (mark === undefined) throw damaged("a mark is missing");
    return stack.splice(mark);
  };
  const text = (length: number) => {
    const start = take(length);
    return new TextDecoder().decode(bytes.subarray(start, start + length));
  };
  const line = () => {
    const end = bytes.indexOf(10, at);
    if (end < 0) throw damaged("it is truncated");
    const value = text(end - at);
    at++;
    return value;
  };
  const global = (name: string): PickledGlobal => {
    if (!allowed.has(name))
      throw new FormatError(
        `it holds the Python object ${quote(name)}, which only Python code could build: save the weights alone, with torch.save(model.state_dict(), ...)`,
      );
    return { kind: "global", name };
  };
  const fetch = (key: number): Pickled => {
    const value = memo.get(key);
    if (value === undefined) throw damaged("it refers to what is not there");
    return value;
  };
  const dict = (items: readonly Pickled[], entries: Map<Pickled, Pickled>): void => {
    if (items.length % 2 === 1) throw damaged("an entry has no value");
    for (let k = 0; k < items.length; k += 2) entries.set(items[k], items[k + 1]);
  };
  const top = <Kind extends "list" | "dict">(kind: Kind): Extract<Pickled, { kind: Kind | "tuple" }> => {
    const value = stack.at(-1);
    if (!isObject(value) || value.kind !== kind) throw damaged(`a ${kind} is missing`);
    return value as never;
  };
  const integer = (length: number): number => {
    const start = take(length);
    if (length > 8) throw damaged("a number is too long");
    let value = 0n;
    for (let k = length - 1; k >= 0; k--) value = (value << 8n) | BigInt(bytes[start + k]);
    return Number(length === 0 ? 0n : BigInt.asIntN(8 * length, value));
  };

  for (;;) {
    const opcode = String.fromCharCode(view.getUint8(take(1)));
    switch (opcode) {
      case "\x80":
        if (view.getUint8(take(1)) > 5) throw damaged("its protocol is later than 5");
        break;
      case "\x95":
        take(8);
        break;
      case ".":
        return pop();
      case "(":
        marks.push(stack.length);
        break;
      case "0":
        pop();
        break;
      case "1":
        popMark();
        break;
      case "2":
        push(stack.at(-1) ?? null);
        break;
      case "N":
        push(null);
        break;
      case "\x88":
      case "\x89":
        push(opcode === "\x88");
        break;
      case "K":
        push(view.getUint8(take(1)));
        break;
      case "M":
        push(view.getUint16(take(2), true));
        break;
      case "J":
        push(view.getInt32(take(4), true));
        break;
      case "\x8a":
        push(integer(view.getUint8(take(1))));
        break;
      case "G":
        push(view.getFloat64(take(8)));
        break;
      case "X":
        push(text(view.getUint32(take(4), true)));
        break;
      case "\x8c":
      case "U":
        push(text(view.getUint8(take(1))));
        break;
      case "T":
        push(text(view.getUint32(take(4), true)));
        break;
      case "B":
      case "C": {
        const length = opcode === "B" ? view.getUint32(take(4), true) : view.getUint8(take(1));
        const start = take(length);
        push(bytes.slice(start, start + length));
        break;
      }
      case "]":
        push({ kind: "list", items: [] });
        break;
      case "l":
        push({ kind: "list", items: popMark() });
        break;
      case ")":
        push({ kind: "tuple", items: [] });
        break;
      case "t":
        push({ kind: "tuple", items: popMark() });
        break;
      case "\x85":
      case "\x86":
      case "\x87": {
        const items = Array.from({ length: opcode.charCodeAt(0) - 0x84 }, pop).reverse();
        push({ kind: "tuple", items });
        break;
      }
      case "}":
        push({ kind: "dict", entries: new Map() });
        break;
      case "d": {
        const entries = new Map<Pickled, Pickled>();
        dict(popMark(), entries);
        push({ kind: "dict", entries });
        break;
      }
      case "a": {
        const value = pop();
        top("list").items.push(value);
        break;
      }
      case "e": {
        const items = popMark();
        const list = top("list").items;
        for (const item of items) list.push(item);
        break;
      }
      case "s": {
        const value = pop();
        const key = pop();
        top("dict").entries.set(key, value);
        break;
      }
      case "u": {
        const items = popMark();
        dict(items, top("dict").entries);
        break;
      }
      case "c": {
        const module = line();
        push(global(`${module}.${line()}`));
        break;
      }
      case "\x93": {
        const name = pop();
        const module = pop();
        push(global(`${String(module)}.${String(name)}`));
        break;
      }
      case "R":
      case "\x81": {
        const args = pop();
        const called = pop();
        if (!isObject(called) || called.kind !== "global" || !isObject(args) || args.kind !== "tuple")
          throw damaged("a call has no function or no arguments");
        push(applied(called.name, args.items));
        break;
      }
      case "Q": {
        const id = pop();
        if (!isObject(id) || id.kind !== "tuple") throw damaged("a storage has no name");
        push({ kind: "persistent", name: "storage", args: id.items });
        break;
      }
      case "b": {
        // State that an ordered dictionary carries beside its entries (`_metadata`) says nothing of the weights.
        pop();
        break;
      }
      case "q":
        memo.set(view.getUint8(take(1)), stack.at(-1) ?? null);
        break;
      case "r":
        memo.set(view.getUint32(take(4), true), stack.at(-1) ?? null);
        break;
      case "\x94":
        memo.set(memo.size, stack.at(-1) ?? null);
        break;
      case "h":
        push(fetch(view.getUint8(take(1))));
        break;
      case "j":
        push(fetch(view.getUint32(take(4), true)));
        break;
      default:
        throw damaged(`byte ${at - 1} is an instruction that state dicts do not need`);
    }
  }
}

/** What a call makes: an empty ordered dictionary is one, the rest stays a record. */
function applied(name: string, args: readonly Pickled[]): Pickled {
  if (name !== "collections.OrderedDict") return { kind: "call", name, args };
  const entries = new Map<Pickled, Pickled>();
  const [pairs] = args;
  if (isObject(pairs) && (pairs.kind === "list" || pairs.kind === "tuple"))
    for (const pair of pairs.items)
      if (isObject(pair) && (pair.kind === "list" || pair.kind === "tuple") && pair.items.length === 2)
        entries.set(pair.items[0], pair.items[1]);
  return { kind: "dict", entries };
}

/** Whether a value is one of the kinds that are objects. */
export function isObject(value: Pickled | undefined): value is PickledList | PickledDict | PickledGlobal | PickledCall {
  return typeof value === "object" && value !== null && "kind" in value;
}

function damaged(how: string): FormatError {
  return new FormatError(
    `its pickle is damaged, or no state dict (${how}): save it again with torch.save(model.state_dict(), ...)`,
  );
}
