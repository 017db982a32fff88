// WebAssembly text, as the AssemblyScript compiler writes it, to C: the same operations one after the other, so that the C computes the same bits.
// Functions that work on lanes alone come twice, for four lanes (q_) and for as many as the processor's vectors have (w_).

const types = { i32: "u32", i64: "u64", f32: "f32", f64: "f64", v128: "q_v" };

/** The C source of a module whose WebAssembly text is `wat`. Each of the `hot` files replaces functions, by their C names, with C written by hand; those with none of the module's functions are left out. */
export function translate(wat, hot) {
  const { functions, globals, exports } = parse(wat);
  const byName = new Map(functions.map((f) => [f.name, f]));
  for (const f of functions) f.pure = isPure(f, byName);
  const names = new Set(functions.map((f) => cName(f.name)));
  const used = hot.filter((file) => file.replaces.some((name) => names.has(name)));
  const replaced = new Set(used.flatMap((file) => file.replaces));
  const written = functions.filter((f) => !replaced.has(cName(f.name)));
  const known = { functions: byName, globals: new Map(globals.map((g) => [g.name, g])) };
  const bodies = written.flatMap((f) => [...(f.pure ? [body(f, known, "q_"), body(f, known, "w_")] : [body(f, known, "q_")])]);
  const entries = exports
    .map(({ name, target }) => ({ name, f: byName.get(target) }))
    .filter(({ name, f }) => name === "heapBase" || reaches(f, replaced, byName));
  return [
    "/* Made by scripts/translate.mjs. */",
    '#include "prelude.h"',
    `typedef struct { ${globals.map((g) => `${types[g.type]} ${cName(g.name)};`).join(" ")} } Globals;`,
    "typedef struct { Memory memory; Globals globals; } M;",
    ...functions.flatMap((f) => (f.pure ? [`${head(f, "q_")};`, `${head(f, "w_")};`] : [`${head(f, "q_")};`])),
    '#include "generated/lanes.h"',
    '#include "hot.h"',
    ...used.map((file) => `#include "${file.name}"`),
    ...bodies,
    "static void initialise(void *instance) {",
    "  Globals *g = &((M *)instance)->globals;",
    ...globals.map((g) => `  g->${cName(g.name)} = ${g.initial};`),
    "  (void)g;",
    "}",
    ...entries.map(trampoline),
    `static const Entry entries[] = { ${entries.map(({ name, f }) => `{"${name}", enter_${name}, ${f.params.length}, ${f.result ? 1 : 0}}`).join(", ")} };`,
    `const Module MODULE = { MODULE_NAME, sizeof(M), initialise, entries, ${entries.length} };`,
    "",
  ].join("\n");
}

/** The C source of the functions that a module of lanes exports, each for four lanes and for wide vectors, under the name of the export; what they call is called lane_... */
export function translateLanes(wat) {
  const { functions, exports } = parse(wat);
  const names = new Map(exports.map(({ name, target }) => [target, name]));
  const rename = (name) => names.get(name) ?? `$lane/${name}`;
  const byName = new Map(functions.map((f) => [f.name, f]));
  const pure = functions.filter((f) => isPure(f, byName));
  const missing = exports.find(({ name, target }) => name !== "memory" && !pure.includes(byName.get(target)));
  if (missing) throw new Error(`${missing.name} does more than work on lanes`);
  const renamed = pure.map((f) => ({
    ...f,
    name: rename(f.name),
    pure: true,
    code: f.code.map(([op, target, ...rest]) =>
      op === "call" ? [op, rename(target)] : [op, target, ...rest].filter((x) => x !== undefined),
    ),
  }));
  const known = { functions: new Map(renamed.map((f) => [f.name, f])), globals: new Map() };
  return [
    ...renamed.flatMap((f) => [`${head(f, "q_")};`, `${head(f, "w_")};`]),
    ...renamed.flatMap((f) => [body(f, known, "q_"), body(f, known, "w_")]),
  ].join("\n");
}

/** The C name of a function or a global of AssemblyScript. */
export function cName(name) {
  return name.replace(/^\$?(assembly\/|~lib\/)?/, "").replace(/[^A-Za-z0-9]/g, "_");
}

function parse(wat) {
  const functions = [];
  const globals = [];
  const exports = [];
  let current;
  for (const line of wat.split("\n")) {
    let match = /^ \(global (\S+) (?:\(mut (\w+)\)|(\w+)) \((.*)\)\)$/.exec(line);
    if (match) {
      const type = match[2] ?? match[3];
      globals.push({ name: match[1], type, initial: constant(match[4].split(" "), "q_") });
      continue;
    }
    match = /^ \(export "(\w+)" \(func (\S+)\)\)$/.exec(line);
    if (match) {
      exports.push({ name: match[1], target: match[2] });
      continue;
    }
    match = /^ \(func (\S+)(.*)$/.exec(line);
    if (match) {
      const params = [...match[2].matchAll(/\(param (\S+) (\w+)\)/g)].map(([, name, type]) => ({ name, type }));
      current = { name: match[1], params, result: /\(result (\w+)\)/.exec(match[2])?.[1], locals: [], code: [] };
      functions.push(current);
      continue;
    }
    if (line === " )") current = undefined;
    if (!current) continue;
    match = /^ {2}\(local (\S+) (\w+)\)$/.exec(line);
    if (match) current.locals.push({ name: match[1], type: match[2] });
    else if (line.startsWith("  ")) current.code.push(line.trim().split(" "));
  }
  return { functions, globals, exports };
}

/** Operations whose lanes do not see each other, and those of scalars that go with them. */
const laneWise =
  /^(f32x4\.(add|sub|mul|div|sqrt|min|max|pmin|pmax|abs|neg|nearest|lt|le|gt|ge|eq|ne|convert_i32x4_s|splat)|i32x4\.(add|sub|shl|shr_s|shr_u|splat|trunc_sat_f32x4_s)|v128\.(and|or|xor|andnot|not|bitselect|const)|f32\.(const|neg|mul|add)|i32\.const|local\.\w+)$/;

/** Whether a function takes and gives vectors of float32 and does nothing but work on their lanes. */
function isPure(f, byName) {
  if (f.result !== "v128" || f.name.startsWith("$~lib")) return false;
  return f.code.every(([op, target]) => laneWise.test(op) || (op === "call" && isPure(byName.get(target), byName)));
}

/** Whether a function is one of those replaced or calls one: the others gain nothing from running natively. */
function reaches(f, replaced, byName, seen = new Set()) {
  if (replaced.has(cName(f.name))) return true;
  if (seen.has(f)) return false;
  seen.add(f);
  return f.code.some(([op, target]) => op === "call" && reaches(byName.get(target), replaced, byName, seen));
}

function head(f, prefix) {
  const type = (t) => (t === "v128" ? `${prefix}v` : types[t]);
  const params = ["M *m", ...f.params.map(({ name, type: t }) => `${type(t)} ${local(name)}`)];
  const name = f.pure ? prefix + cName(f.name) : cName(f.name);
  return `${f.pure ? "static inline" : "static"} ${f.result ? type(f.result) : "void"} ${name}(${params.join(", ")})`;
}

function local(name) {
  return `l${name.replace(/[^A-Za-z0-9]/g, "_").replace(/^_/, "")}`;
}

function constant([op, ...values], prefix) {
  const float = (text) =>
    /nan/.test(text) ? '__builtin_nan("")' : /inf/.test(text) ? `${text[0] === "-" ? "-" : ""}__builtin_inf()` : number(text);
  switch (op) {
    case "i32.const":
      return `${values[0] < 0 ? `(u32)(${values[0]})` : `${values[0]}u`}`;
    case "i64.const":
      return `(u64)(${values[0] === "-9223372036854775808" ? "-9223372036854775807LL - 1" : `${values[0]}LL`})`;
    case "f32.const":
      return `(f32)${float(values[0])}`;
    case "f64.const":
      return `(f64)${float(values[0])}`;
    case "v128.const": {
      const [shape, ...lanes] = values;
      if (shape !== "i32x4") throw new Error(`constants of shape ${shape} are not known`);
      return lanes.every((lane) => lane === lanes[0])
        ? `${prefix}i32x4_splat(${lanes[0]}u)`
        : `${prefix}words(${lanes.map((l) => `${l}u`).join(", ")})`;
    }
  }
  throw new Error(`${op} is no constant`);
}

/** A finite number as C has it; -0 keeps its sign. */
function number(text) {
  const value = Number(text);
  return Object.is(value, -0) ? "-0.0" : String(value).replace(/^(-?\d+)$/, "$1.0");
}

const bytes = { "i32.load": 4, "i64.load": 8, "f32.load": 4, "f64.load": 8, "v128.load": 16 };

/** How many values an operation takes, and the type of what it gives. */
function signature(op) {
  const result = resultType(op);
  if (/^i8x16\.shuffle/.test(op)) return [2, "v128"];
  if (
    /\.(load|neg|abs|sqrt|nearest|splat|eqz|clz|ctz|extend|wrap|convert|promote|demote|reinterpret|trunc|any_true|all_true|bitmask|not|ceil|floor)/.test(
      op,
    ) &&
    !/extmul/.test(op)
  )
    return [1, result];
  if (/extract_lane/.test(op)) return [1, result];
  if (/bitselect|select$/.test(op)) return [3, result];
  return [2, result];
}

function resultType(op) {
  const [type, name] = op.split(".");
  if (/^(any_true|all_true|bitmask)/.test(name)) return "i32";
  if (/extract_lane/.test(name)) return { f32x4: "f32", f64x2: "f64", i32x4: "i32" }[type];
  if (/x\d/.test(type) || type === "v128") return "v128";
  return /^(eq|eqz|ne|lt|le|gt|ge)(_|$)/.test(name) ? "i32" : type;
}

/** A function's body: a stack machine whose stack holds names of C variables. */
function body(f, { functions, globals }, prefix) {
  const type = (t) => (t === "v128" ? `${prefix}v` : types[t]);
  const out = [`${head(f, prefix)} {`];
  if (f.code.some(([op]) => /load|store|memory/.test(op)))
    out.push("  u8 *const B = m->memory.base; const u64 S = m->memory.size;");
  for (const { name, type: t } of f.locals)
    out.push(`  ${type(t)} ${local(name)} = ${t === "v128" ? `${prefix}i32x4_splat(0)` : "0"};`);
  const kind = new Map([...f.params, ...f.locals].map(({ name, type: t }) => [name, t]));
  let stack = [];
  let count = 0;
  const frames = [];
  const push = (t, text) => {
    const name = `t${count++}`;
    out.push(`  const ${type(t)} ${name} = ${text};`);
    stack.push({ name, type: t });
  };
  const pop = () => {
    const top = stack.pop();
    if (!top) throw new Error(`${f.name}: nothing on the stack`);
    return top.name;
  };
  const leave = (label) => {
    const frame = frames.findLast((one) => one.label === label);
    if (frame.result && frame.op === "block") out.push(`  ${frame.value} = ${stack.at(-1).name};`);
    out.push(`  goto ${frame.target};`);
    frame.used = true;
  };
  let dead = 0;
  for (const [op, ...args] of f.code) {
    const opens = op === "block" || op === "loop" || op === "if";
    if (dead) {
      if (opens) dead++;
      else if (op === "end" && --dead > 0) continue;
      else if (op !== "end" && !(op === "else" && dead === 1)) continue;
      if (dead > 0 && op !== "else") continue;
      dead = 0;
      if (op === "else" || op === "end") frames.at(-1).skipped = true;
    }
    if (opens) {
      const label = args.find((arg) => arg.startsWith("$"));
      const result = /\(result (\w+)\)/.exec(args.join(" "))?.[1];
      const number = count++;
      const condition = op === "if" ? pop() : undefined;
      const frame = { op, label, result, value: `r${number}`, target: `L${number}`, outer: stack };
      if (result) out.push(`  ${type(result)} ${frame.value};`);
      if (op === "loop") out.push(`  ${frame.target}:;`);
      out.push(op === "if" ? `  if (${condition}) {` : "  {");
      frames.push(frame);
      stack = [];
    } else if (op === "else" || op === "end") {
      const frame = frames.at(-1);
      if (!frame) break;
      if (frame.result && !frame.skipped) out.push(`  ${frame.value} = ${pop()};`);
      frame.skipped = false;
      stack = [];
      if (op === "else") out.push("  } else {");
      else {
        frames.pop();
        out.push("  }");
        if (frame.op !== "loop" && frame.used) out.push(`  ${frame.target}:;`);
        stack = frame.outer;
        if (frame.result) stack.push({ name: frame.value, type: frame.result });
      }
    } else if (op === "br") {
      leave(args[0]);
      dead = 1;
    } else if (op === "br_if") {
      out.push(`  if (${pop()}) {`);
      leave(args[0]);
      out.push("  }");
    } else if (op === "return") {
      out.push(f.result ? `  return ${pop()};` : "  return;");
      dead = 1;
    } else if (op === "unreachable") {
      out.push("  trap(&m->memory);");
      dead = 1;
    } else if (op === "drop") pop();
    else if (op === "nop") continue;
    else if (op === "local.get") push(kind.get(args[0]), local(args[0]));
    else if (op === "local.set") out.push(`  ${local(args[0])} = ${pop()};`);
    else if (op === "local.tee") out.push(`  ${local(args[0])} = ${stack.at(-1).name};`);
    else if (op === "global.get") push(globals.get(args[0]).type, `m->globals.${cName(args[0])}`);
    else if (op === "global.set") out.push(`  m->globals.${cName(args[0])} = ${pop()};`);
    else if (op.endsWith(".const")) {
      const t = op.split(".")[0];
      if (t === "v128") push(t, constant([op, ...args], prefix));
      else stack.push({ name: `(${constant([op, ...args], prefix)})`, type: t });
    } else if (op === "call") {
      const callee = functions.get(args[0]);
      const values = callee.params.map(pop).reverse();
      const call = `${callee.pure ? prefix : ""}${cName(args[0])}(${["m", ...values].join(", ")})`;
      if (callee.result) push(callee.result, call);
      else out.push(`  ${call};`);
    } else if (op === "select") {
      const condition = pop();
      const [a, b] = stack.splice(-2);
      push(a.type, `${condition} ? ${a.name} : ${b.name}`);
    } else if (/\.(load|store)/.test(op)) {
      const offset = args.find((arg) => arg.startsWith("offset="))?.slice(7) ?? "0";
      const value = /store/.test(op) ? pop() : undefined;
      const address = `ADDRESS(${pop()}, ${offset}, ${bytes[op.replace("store", "load")] ?? (/64/.test(op) ? 8 : 4)})`;
      const name = op.replace(".", "_");
      if (value) out.push(`  ${name}(${address}, ${value});`);
      else push(resultType(op), `${name}(${address})`);
    } else if (op === "memory.copy" || op === "memory.fill") {
      const [n, from, to] = [pop(), pop(), pop()];
      out.push(`  ${op.replace(".", "_")}(m, B, S, ${to}, ${from}, ${n});`);
    } else {
      const [arity, result] = signature(op);
      const values = Array.from({ length: arity }, pop).reverse();
      const vector = /x\d|v128/.test(op) ? prefix : "";
      const immediates = /shuffle/.test(op) ? args : /lane/.test(op) ? args.slice(0, 1) : [];
      push(result, `${vector}${op.replace(".", "_")}(${[...values, ...immediates].join(", ")})`);
    }
  }
  if (f.result && stack.length > 0) out.push(`  return ${pop()};`);
  out.push("}");
  return out.join("\n");
}

/** Calls an exported function with numbers from JavaScript. */
function trampoline({ name, f }) {
  const read = { i32: "to_u32", f32: "(f32)", f64: "" };
  const values = f.params.map(({ type }, k) => `${read[type]}(a[${k}])`);
  const call = `${cName(f.name)}(${["m", ...values].join(", ")})`;
  const give = f.result === "i32" ? `return (f64)(i32)${call};` : f.result ? `return (f64)${call};` : `${call}; return 0;`;
  return `static f64 enter_${name}(void *instance, const f64 *a) { M *m = instance; ${f.params.length ? "" : "(void)a; "}${give} }`;
}
